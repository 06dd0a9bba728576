package io.cairn.volumes;

import java.util.List;

/** What a rotation changed: how many containers have a new key or a new wrapping, and what it left as it was. */
public record KeyRotation(int rotated, List<String> remarks) {
    public KeyRotation {
        remarks = List.copyOf(remarks);
    }
}
