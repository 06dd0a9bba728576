package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.RepositoryFault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code restore_command} does: brings a segment or a history from the archive to where PostgreSQL wants it, and
 * the segments after it beside the data, so that most calls need no program. One thread.
 */
public final class WalFetch {
    /** The directory, in the data directory, of segments that were brought ahead of time. */
    public static final String AHEAD = "cairn-wal";

    private static final int SEGMENTS_AHEAD = 8;
    private static final Pattern HISTORY = Pattern.compile("([0-9A-F]{8})\\.history");
    private static final int HEX = 16;

    private final Repository repository;
    private final WalArea area;

    public WalFetch(Repository repository, SourceName name) {
        this.repository = repository;
        this.area = new WalArea(repository, name);
    }

    /**
     * Brings a file; false when the archive has nothing of it and nothing after it, which is the end of recovery.
     * {@link SourceFault.Damaged} when something after it is there: that is a gap, and recovery must not end there.
     */
    public boolean fetch(String file, Path target) {
        Matcher history = HISTORY.matcher(file);
        if (history.matches()) {
            Optional<byte[]> content = area.history(Long.parseLong(history.group(1), HEX));
            content.ifPresent(bytes -> write(target, out -> out.write(bytes)));
            return content.isPresent();
        }
        Optional<WalArea.Head> head = area.head();
        if (head.isEmpty()) {
            return false;
        }
        Optional<WalSegment> segment = WalSegment.parse(file, head.get().segmentSize());
        if (segment.isEmpty()) {
            return false;
        }
        try {
            return segment(segment.get(), target);
        } catch (RepositoryFault.Missing folded) {
            // A receiver packed the pieces while they were read.
            return segment(segment.get(), target);
        }
    }

    private boolean segment(WalSegment segment, Path target) {
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            WalArchive archive = WalArchive.of(repository, reader, area, segment.size());
            Lsn reach = archive.reach(segment);
            boolean isLater = archive.last(segment.timeline())
                    .map(last -> last.isAfter(reach))
                    .orElse(false);
            if (!reach.equals(segment.end()) && isLater) {
                if (Files.exists(target.resolveSibling(segment.name()))) {
                    return false; // the base backup brought it
                }
                throw new SourceFault.Damaged(gap(archive, segment.timeline(), reach));
            }
            if (reach.equals(segment.start())) {
                return false;
            }
            bring(reader, archive, segment, target);
            if (reach.equals(segment.end())) {
                ahead(reader, archive, segment, target);
            }
            return true;
        }
    }

    /** What to say of WAL that is missing from {@code from} on. */
    static String gap(WalArchive archive, long timeline, Lsn from) {
        String to = archive.firstAfter(timeline, from).map(Lsn::toString).orElse("the end");
        return String.format(
                Locale.ROOT,
                "the archive has a gap: WAL from %s to %s of timeline %d is missing. Nothing behind it can be"
                        + " recovered from this base backup: restore one that was taken later, or stop before the gap"
                        + " with --to-lsn %s",
                from,
                to,
                timeline,
                from);
    }

    private void bring(SnapshotReader reader, WalArchive archive, WalSegment segment, Path target) {
        write(target, out -> {
            var snapshot = archive.folded(segment);
            if (snapshot.isPresent()) {
                String path = segment.directory(area.name()) + "/" + segment.name();
                reader.restore(Progress.NONE).stream(snapshot.get(), path, out);
            } else {
                out.write(archive.assemble(segment));
            }
        });
    }

    /** Full segments only: a part may be longer when it is asked for. */
    private void ahead(SnapshotReader reader, WalArchive archive, WalSegment first, Path target) {
        Path directory = Optional.ofNullable(target.toAbsolutePath().getParent())
                .map(Path::getParent)
                .orElse(Path.of("."))
                .resolve(AHEAD);
        if (!Files.isDirectory(directory)) {
            return;
        }
        WalSegment segment = first.next();
        for (int i = 0; i < SEGMENTS_AHEAD && archive.reach(segment).equals(segment.end()); i++) {
            bring(reader, archive, segment, directory.resolve(segment.name()));
            segment = segment.next();
        }
    }

    /** Something that writes content. */
    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** The file appears whole or not at all. */
    private static void write(Path target, Content content) {
        Path written = target.resolveSibling(target.getFileName() + ".cairn");
        try {
            try (OutputStream out = Files.newOutputStream(written)) {
                content.write(out);
            }
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new RepositoryFault.Source("cannot write " + target + ": " + failed.getMessage(), failed);
        }
    }
}
