package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.cut.DataClass;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One base backup on its way from the server into a tree: archives are taken apart as they come, every file is counted
 * against the manifest, every page against its checksum. Nothing is kept on disk. One use, one thread.
 */
final class BaseBackup {
    private static final int MANIFEST_MAX = 1 << 30;
    private static final Pattern RELATION =
            Pattern.compile("(?:base/\\d+|global|pg_tblspc/\\d+/[^/]+/\\d+)/(?:t\\d+_)?\\d+(_\\w+)?(?:\\.(\\d+))?");
    private static final Pattern DATABASE = Pattern.compile("base/\\d+|PG_[^/]+/\\d+");
    private static final long SEGMENT_BLOCKS = (1L << 30) / PageCheck.PAGE;

    private final PostgresConnection connection;
    private final TreeBuilder tree;
    private final String root;
    private final boolean checksums;
    private final Manifest manifest = new Manifest();
    private final Map<String, String> tablespaces = new LinkedHashMap<>();
    private final List<String> damaged = new ArrayList<>();
    private final List<ServerError> warnings = new ArrayList<>();
    private DataClass pages = DataClass.PAGES;
    private Place start = new Place(Lsn.ZERO, 0);
    private long bytes;

    /** A place in the WAL of one timeline. */
    record Place(Lsn lsn, long timeline) {}

    /** What was taken: between which places; tablespaces by number with where they are; pages with wrong checksums. */
    record Taken(
            Place start,
            Place end,
            Map<String, String> tablespaces,
            List<String> damaged,
            List<String> warnings,
            int files,
            long bytes) {
        Taken {
            tablespaces = Map.copyOf(tablespaces);
            damaged = List.copyOf(damaged);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * @param root the directory of the tree that gets {@code data} and {@code tablespaces}
     * @param checksums the cluster has checksums of its pages
     */
    BaseBackup(PostgresConnection connection, TreeBuilder tree, String root, boolean checksums) {
        this.connection = connection;
        this.tree = tree;
        this.root = root;
        this.checksums = checksums;
        connection.notices(notice -> {
            if (notice.severity().equals("WARNING")) {
                warnings.add(notice);
            }
        });
    }

    Taken run(String options) {
        connection.command("BASE_BACKUP (" + options + ")");
        try {
            start = place(onlyRow());
            pages = pages(rows());
            expect('H');
            var stream = new BackupStream(connection);
            parts(stream);
            Place end = place(onlyRow());
            int files = manifest.verify(manifestBytes);
            finish();
            return new Taken(
                    start,
                    end,
                    tablespaces,
                    damaged,
                    warnings.stream().map(ServerError::message).toList(),
                    files,
                    bytes);
        } catch (IOException broken) {
            throw new SourceFault.Damaged(
                    "the base backup of PostgreSQL at " + connection.address() + " broke off: " + broken.getMessage(),
                    broken);
        }
    }

    private byte[] manifestBytes = {};

    /** By the size of all tablespaces, which the server tells in KiB. */
    private static DataClass pages(List<List<String>> tablespaces) {
        long bytes = 0;
        for (List<String> row : tablespaces) {
            String size = row.getLast();
            bytes += size.matches("\\d{1,15}") ? Long.parseLong(size) << 10 : 0;
        }
        return PagePieces.of(bytes);
    }

    private void parts(BackupStream stream) throws IOException {
        while (true) {
            switch (stream.next()) {
                case BackupStream.Part.Archive archive -> archive(stream, archive);
                case BackupStream.Part.Manifest _ -> {
                    manifestBytes = stream.all(MANIFEST_MAX);
                    tree.file(
                            root + "/data/backup_manifest",
                            TreeBuilder.Entry.at(Instant.EPOCH, 0600),
                            Optional.of(DataClass.FILES),
                            manifestBytes.length,
                            new ByteArrayInputStream(manifestBytes));
                }
                case BackupStream.Part.End _ -> {
                    return;
                }
            }
        }
    }

    /** The data directory is {@code base.tar}; the others are called by the number of the tablespace. */
    private void archive(BackupStream stream, BackupStream.Part.Archive archive) throws IOException {
        String number = archive.name().replaceFirst("\\.tar$", "");
        boolean isData = archive.location().isEmpty();
        if (!isData && !number.matches("\\d+")) {
            throw new IOException("the archive " + archive.name() + " is not one of a tablespace");
        }
        if (!isData) {
            tablespaces.put(number, archive.location());
        }
        String below = isData ? root + "/data" : root + "/tablespaces/" + number;
        String listed = isData ? "" : "pg_tblspc/" + number + "/";
        var tar = new TarReader(stream.content());
        String open = "";
        boolean first = true;
        for (Optional<TarReader.Entry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarReader.Entry entry = next.get();
            if (!open.isEmpty() && !entry.name().startsWith(open + "/")) {
                tree.finished(below + "/" + open);
                open = "";
            }
            if (first && !entry.name().isEmpty()) {
                // The archive does not tell of the directory itself: it is its owner's alone.
                tree.directory(
                        below, new TreeBuilder.Entry(0700, entry.uid(), entry.gid(), entry.modified(), Map.of()));
            }
            first = false;
            entry(tar, entry, below, listed);
            if (entry.kind() == TarReader.Kind.DIRECTORY
                    && DATABASE.matcher(entry.name()).matches()) {
                open = entry.name();
            }
        }
        if (!open.isEmpty()) {
            tree.finished(below + "/" + open);
        }
    }

    private void entry(TarReader tar, TarReader.Entry entry, String below, String listed) throws IOException {
        var told = new TreeBuilder.Entry(entry.permissions(), entry.uid(), entry.gid(), entry.modified(), Map.of());
        String path = entry.name().isEmpty() ? below : below + "/" + entry.name();
        switch (entry.kind()) {
            case DIRECTORY -> tree.directory(path, told);
            case LINK -> tree.symbolicLink(path, told, entry.target());
            case FILE -> file(tar, entry, told, path, listed + entry.name());
        }
    }

    private void file(TarReader tar, TarReader.Entry entry, TreeBuilder.Entry told, String path, String listed) {
        Matcher relation = RELATION.matcher(listed);
        boolean isRelation = relation.matches() && entry.size() % PageCheck.PAGE == 0;
        Optional<PageCheck> check = checksums && isRelation ? Optional.of(check(relation)) : Optional.empty();
        var counted = new Counted(tar.content(), check);
        tree.file(path, told, Optional.of(dataClass(isRelation, listed, path)), entry.size(), counted);
        bytes += entry.size();
        manifest.received(listed, entry.size(), counted.crc.getValue());
        check.ifPresent(c -> c.damaged().forEach(block -> damaged.add(listed + " block " + block)));
    }

    private PageCheck check(Matcher relation) {
        long segment = relation.group(2) == null ? 0 : Long.parseLong(relation.group(2));
        return new PageCheck(start.lsn(), segment * SEGMENT_BLOCKS);
    }

    /** A file stays in the pieces that it is in: others would all be new. */
    private DataClass dataClass(boolean isRelation, String listed, String path) {
        if (isRelation) {
            return tree.earlier(path).flatMap(PagePieces::of).orElse(pages);
        }
        return listed.startsWith("pg_wal/") ? DataClass.MEDIA : DataClass.FILES;
    }

    /** A file's content that is counted on its way. */
    private static final class Counted extends FilterInputStream {
        final CRC32C crc = new CRC32C();
        private final Optional<PageCheck> check;

        Counted(InputStream in, Optional<PageCheck> check) {
            super(in);
            this.check = check;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = in.read(target, offset, length);
            if (count > 0) {
                crc.update(target, offset, count);
                check.ifPresent(c -> c.add(target, offset, count));
            }
            return count;
        }
    }

    /**
     * The server counts checksums too, and says at the very end that some were wrong. By then all has come: what is
     * damaged on the server is kept as it is, and named.
     */
    private void finish() {
        try {
            while (connection.next() != 'Z') {
                continue;
            }
            // A page that was written while it was read looks damaged here. The server read it twice, and WAL brings
            // it.
            damaged.clear();
        } catch (SourceFault.Damaged wrongSums) {
            if (damaged.isEmpty()) {
                damaged.add(wrongSums.getMessage());
            }
        }
    }

    private List<String> onlyRow() throws IOException {
        List<List<String>> rows = rows();
        if (rows.size() != 1) {
            throw new IOException("the server sent " + rows.size() + " rows where one belongs");
        }
        return rows.getFirst();
    }

    /** The rows of one result. */
    private List<List<String>> rows() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        expect('T');
        while (true) {
            char type = connection.next();
            switch (type) {
                case 'D' -> rows.add(connection.row());
                case 'C' -> {
                    return rows;
                }
                default -> throw connection.unexpected(type, "BASE_BACKUP");
            }
        }
    }

    private void expect(char wanted) {
        char type = connection.next();
        if (type != wanted) {
            throw connection.unexpected(type, "BASE_BACKUP");
        }
    }

    private static Place place(List<String> row) throws IOException {
        Optional<Lsn> lsn = Lsn.parse(row.getFirst());
        if (lsn.isEmpty() || row.size() < 2 || !row.get(1).matches("\\d{1,10}")) {
            throw new IOException("the server names a place in its WAL that is none: " + row);
        }
        return new Place(lsn.get(), Long.parseLong(row.get(1)));
    }
}
