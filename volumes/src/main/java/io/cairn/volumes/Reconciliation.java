package io.cairn.volumes;

import java.util.List;

/** What a reconciliation put right, and what it found that a person must look at. Both empty: all was well. */
public record Reconciliation(List<String> repairs, List<String> problems) {
    public Reconciliation {
        repairs = List.copyOf(repairs);
        problems = List.copyOf(problems);
    }
}
