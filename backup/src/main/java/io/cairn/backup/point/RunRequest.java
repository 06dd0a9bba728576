package io.cairn.backup.point;

import io.cairn.backup.Part;
import io.cairn.base.Checks;
import io.cairn.repository.cut.DataClass;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one run is to make. {@code policy} is empty when a person asked for it. {@code keys} are read when the run
 * begins.
 */
public record RunRequest(
        String policy,
        List<Part> parts,
        List<String> tags,
        boolean verify,
        Supplier<List<EscrowedKey>> keys,
        Optional<DataClass> dataClass) {
    /** Referrers before what they refer to; the rest where most are. */
    private static final Map<String, Integer> ORDER = Map.of(
            "redis", 0,
            "opensearch", 1,
            "elasticsearch", 1,
            "postgres", 2,
            "postgres-dump", 2,
            "command", 3,
            "stdin", 3,
            "volume", 4,
            "files", 4,
            "bucket", 5);

    private static final int MIDDLE = 3;

    public RunRequest {
        Checks.check(!parts.isEmpty(), "a run has parts");
        parts = parts.stream()
                .sorted(Comparator.comparing(
                        part -> ORDER.getOrDefault(part.name().kind(), MIDDLE)))
                .toList();
        tags = List.copyOf(tags);
    }

    /** Of sources that a person named. */
    public static RunRequest of(List<Part> parts, List<String> tags, boolean verify) {
        return new RunRequest("", parts, tags, verify, List::of, Optional.empty());
    }
}
