package io.cairn.backup.postgres;

import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.tree.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All WAL that a repository has of one cluster, folded or not, as it was when this was made. Immutable; reading takes
 * the caller's thread.
 */
final class WalArchive {
    private final WalArea area;
    private final Map<WalSegment, Snapshot> folded;
    private final Map<Long, List<WalRange>> pieces;

    private WalArchive(WalArea area, Map<WalSegment, Snapshot> folded, Map<Long, List<WalRange>> pieces) {
        this.area = area;
        this.folded = folded;
        this.pieces = pieces;
    }

    /** Looks at pieces first: what is folded meanwhile is then in a snapshot. */
    static WalArchive of(Repository repository, SnapshotReader reader, WalArea area, long segmentSize) {
        Map<Long, List<WalRange>> pieces = new TreeMap<>();
        area.pieces()
                .forEach(piece -> pieces.computeIfAbsent(piece.timeline(), _ -> new ArrayList<>())
                        .add(piece));
        pieces.values().forEach(list -> list.sort(Comparator.comparing(WalRange::from)));
        Map<WalSegment, Snapshot> folded = new HashMap<>();
        String prefix = area.name().path() + "/wal/";
        for (Snapshot snapshot : repository.snapshots()) {
            if (snapshot.paths().size() == 1 && snapshot.paths().getFirst().startsWith(prefix)) {
                reader.browse().walk(snapshot, snapshot.paths().getFirst(), (path, node) -> {
                    if (node.kind() == Kind.FILE) {
                        WalSegment.parse(node.name(), segmentSize).ifPresent(segment -> folded.put(segment, snapshot));
                    }
                });
            }
        }
        return new WalArchive(area, folded, pieces);
    }

    /** The snapshot that has this segment whole. */
    Optional<Snapshot> folded(WalSegment segment) {
        return Optional.ofNullable(folded.get(segment));
    }

    /** Pieces with bytes of this segment, in their order. */
    List<WalRange> pieces(WalSegment segment) {
        return pieces.getOrDefault(segment.timeline(), List.of()).stream()
                .filter(piece ->
                        segment.end().isAfter(piece.from()) && piece.to().isAfter(segment.start()))
                .toList();
    }

    /** How far this segment goes without a hole, from its start on. */
    Lsn reach(WalSegment segment) {
        if (folded.containsKey(segment)) {
            return segment.end();
        }
        Lsn reach = segment.start();
        for (WalRange piece : pieces(segment)) {
            if (!piece.from().isAfter(reach) && piece.to().isAfter(reach)) {
                reach = piece.to();
            }
        }
        return reach;
    }

    /** How far the WAL of a timeline goes without a hole from a place in it. */
    Lsn reach(long timeline, Lsn from, long segmentSize) {
        WalSegment segment = WalSegment.of(timeline, from, segmentSize);
        Lsn reach = from;
        while (true) {
            Lsn end = reach(segment);
            if (end.isAfter(reach)) {
                reach = end;
            }
            if (!end.equals(segment.end())) {
                return reach;
            }
            segment = segment.next();
        }
    }

    /** The last byte of a timeline that there is, holes or not; empty when there is nothing of it. */
    Optional<Lsn> last(long timeline) {
        Optional<Lsn> inPieces = pieces.getOrDefault(timeline, List.of()).stream()
                .map(WalRange::to)
                .max(Comparator.naturalOrder());
        Optional<Lsn> inSnapshots = folded.keySet().stream()
                .filter(segment -> segment.timeline() == timeline)
                .map(WalSegment::end)
                .max(Comparator.naturalOrder());
        return java.util.stream.Stream.of(inPieces, inSnapshots)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    /** The latest timeline that there is WAL of. */
    Optional<Long> latestTimeline() {
        return java.util.stream.Stream.concat(
                        pieces.keySet().stream(), folded.keySet().stream().map(WalSegment::timeline))
                .max(Comparator.naturalOrder());
    }

    /** The first byte that there is of a timeline at or after a place; that is where a hole ends. */
    Optional<Lsn> firstAfter(long timeline, Lsn place) {
        return java.util.stream.Stream.concat(
                        pieces.getOrDefault(timeline, List.of()).stream(),
                        folded.keySet().stream()
                                .filter(segment -> segment.timeline() == timeline)
                                .map(WalSegment::range))
                .filter(range -> range.to().isAfter(place))
                .map(WalRange::from)
                .min(Comparator.naturalOrder());
    }

    /** The bytes of a segment as far as its pieces go without a hole; the rest is zeros, as in a new segment. */
    byte[] assemble(WalSegment segment) {
        byte[] bytes = new byte[Math.toIntExact(segment.size())];
        Lsn reach = segment.start();
        for (WalRange piece : pieces(segment)) {
            if (piece.from().isAfter(reach)) {
                break;
            }
            if (piece.to().isAfter(reach)) {
                byte[] content = area.read(piece);
                System.arraycopy(
                        content,
                        0,
                        bytes,
                        Math.toIntExact(piece.from().bytes() - segment.start().bytes()),
                        content.length);
                reach = piece.to();
            }
        }
        return bytes;
    }
}
