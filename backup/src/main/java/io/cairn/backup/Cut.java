package io.cairn.backup;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where, in the source's own terms, a copy was taken: {@code facts} are names and values for the catalogue, in the
 * order in which people want to read them ({@code lsn} → {@code 0/3000028}). No secret is among them.
 */
public record Cut(Instant begun, Instant ended, Map<String, String> facts) {
    public Cut {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
}
