package io.cairn.backup.point;

import io.cairn.repository.Snapshot;
import java.util.Optional;

/** The tags by which snapshots say to which recovery point they belong. Stateless. */
public final class PointTags {
    private static final String POINT = "cairn-point=";
    private static final String PART = "cairn-part=";
    private static final String POLICY = "cairn-policy=";

    private PointTags() {}

    static String point(PointId id) {
        return POINT + id;
    }

    static String part(String name) {
        return PART + name;
    }

    static String policy(String name) {
        return POLICY + name;
    }

    /** The point that a snapshot is a part of, or is itself. */
    public static Optional<PointId> pointOf(Snapshot snapshot) {
        return value(snapshot, POINT).filter(PointId::isId).map(PointId::new);
    }

    static Optional<String> partOf(Snapshot snapshot) {
        return value(snapshot, PART);
    }

    static boolean isPoint(Snapshot snapshot) {
        return snapshot.tags().contains(Snapshot.POINT_TAG);
    }

    private static Optional<String> value(Snapshot snapshot, String prefix) {
        return snapshot.tags().stream()
                .filter(tag -> tag.startsWith(prefix))
                .map(tag -> tag.substring(prefix.length()))
                .findFirst();
    }
}
