package io.cairn.backup.postgres;

import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Retention;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.tree.Node;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Moves full segments from pieces into snapshots, one for each 4 GiB of WAL. One thread. */
final class WalFold {
    private static final int PERMISSIONS = 0600;

    private final Repository repository;
    private final WalArea area;
    private final long segmentSize;

    WalFold(Repository repository, WalArea area, long segmentSize) {
        this.repository = repository;
        this.area = area;
        this.segmentSize = segmentSize;
    }

    /** Full segments that are in pieces still. */
    static List<WalSegment> full(List<WalRange> pieces, long segmentSize) {
        Map<WalSegment, Lsn> reach = new LinkedHashMap<>();
        pieces.stream()
                .sorted(java.util.Comparator.comparing(WalRange::timeline).thenComparing(WalRange::from))
                .forEach(piece -> {
                    WalSegment segment = WalSegment.of(piece.timeline(), piece.from(), segmentSize);
                    Lsn end = reach.getOrDefault(segment, segment.start());
                    if (!piece.from().isAfter(end) && piece.to().isAfter(end)) {
                        reach.put(segment, piece.to());
                    }
                });
        return reach.entrySet().stream()
                .filter(entry -> entry.getValue().equals(entry.getKey().end()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Folds what is full; returns how many segments left the area. */
    int run() {
        List<WalRange> pieces = area.pieces();
        Map<String, List<WalSegment>> byDirectory = new TreeMap<>();
        for (WalSegment segment : full(pieces, segmentSize)) {
            byDirectory
                    .computeIfAbsent(segment.directory(area.name()), _ -> new ArrayList<>())
                    .add(segment);
        }
        int count = 0;
        for (Map.Entry<String, List<WalSegment>> directory : byDirectory.entrySet()) {
            fold(directory.getKey(), directory.getValue());
            for (WalRange piece : pieces) {
                if (directory.getValue().contains(WalSegment.of(piece.timeline(), piece.from(), segmentSize))) {
                    area.delete(piece);
                }
            }
            count += directory.getValue().size();
        }
        return count;
    }

    private void fold(String directory, List<WalSegment> segments) {
        List<Snapshot> before = repository.snapshots().stream()
                .filter(snapshot -> snapshot.paths().equals(List.of(directory)))
                .toList();
        long perDirectory = (1L << 32) / segmentSize;
        long first = segments.getFirst().number() / perDirectory * perDirectory;
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            WalArchive archive = WalArchive.of(repository, reader, area, segmentSize);
            new Backup(repository, Progress.NONE, List.of("cairn-wal"), Optional.empty())
                    .tree(List.of(directory), tree -> {
                        for (long number = first; number < first + perDirectory; number++) {
                            var segment = new WalSegment(segments.getFirst().timeline(), number, segmentSize);
                            store(tree, directory, segment, reader, archive);
                        }
                    });
        }
        Set<String> held = new Retention(repository).holds().keySet();
        for (Snapshot old : before) {
            if (!held.contains(old.id().toString())) {
                repository
                        .backend()
                        .delete(new FileName(Area.SNAPSHOTS, old.id().toString()));
                repository.backend().delete(new FileName(Area.VERIFIED, old.id().toString()));
            }
        }
    }

    /** Takes over what is folded, without reading it where the snapshot before has it; adds what is new. */
    private void store(
            TreeBuilder tree, String directory, WalSegment segment, SnapshotReader reader, WalArchive archive) {
        String path = directory + "/" + segment.name();
        Optional<Node> earlier = tree.earlier(path);
        Optional<Snapshot> folded = archive.folded(segment);
        if (earlier.isPresent()) {
            tree.reuse(path, TreeBuilder.Entry.at(earlier.get().modified(), PERMISSIONS), earlier.get());
        } else if (folded.isPresent()) {
            var content = new ByteArrayOutputStream();
            reader.restore(Progress.NONE).stream(folded.get(), path, content);
            file(tree, path, content.toByteArray());
        } else if (archive.reach(segment).equals(segment.end())) {
            file(tree, path, archive.assemble(segment));
        }
    }

    private void file(TreeBuilder tree, String path, byte[] content) {
        tree.file(
                path,
                TreeBuilder.Entry.at(repository.actor().clock().now(), PERMISSIONS),
                Optional.of(DataClass.MEDIA),
                content.length,
                new ByteArrayInputStream(content));
    }
}
