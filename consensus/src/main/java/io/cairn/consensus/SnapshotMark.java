package io.cairn.consensus;

import io.cairn.model.CorruptFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The promise behind which the log may be purged: the member's state certainly holds every entry up to this term and
 * index on stable storage. It lies beside the log in the file {@code snapshot}.
 */
record SnapshotMark(long term, long index) {
    private static final String FILE = "snapshot";
    private static final Pattern FORM =
            Pattern.compile("(cairn-log-snapshot 1\nterm (\\d+)\nindex (\\d+)\n)crc32c ([0-9a-f]{8})\n");
    /** No promise was made yet. */
    static final SnapshotMark NONE = new SnapshotMark(0, -1);

    /** Writes the mark beside the log, twice. */
    void store(Path directory) throws IOException {
        files(directory).write(encode());
    }

    /** Writes the mark into a checkpoint, which is whole or is thrown away. */
    void storeIn(Path checkpoint) throws IOException {
        DurableFiles.replace(checkpoint.resolve(FILE), encode());
    }

    private byte[] encode() {
        String text = "cairn-log-snapshot 1\nterm " + term + "\nindex " + index + "\n";
        return (text + "crc32c " + crc(text) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The mark beside the log, its two files put right. */
    static SnapshotMark load(Path directory) throws IOException {
        return files(directory).mended().orElse(NONE);
    }

    /** The mark of a checkpoint. */
    static SnapshotMark loadFrom(Path checkpoint) throws IOException {
        return files(checkpoint).read().orElse(NONE);
    }

    private static TwinFile<SnapshotMark> files(Path directory) {
        Path file = directory.resolve(FILE);
        return new TwinFile<>(file, bytes -> decode(file, bytes));
    }

    private static SnapshotMark decode(Path file, byte[] bytes) {
        Matcher found = FORM.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!found.matches() || !crc(found.group(1)).equals(found.group(4))) {
            throw new CorruptFault("the log's snapshot file " + file + " is damaged");
        }
        return new SnapshotMark(Long.parseLong(found.group(2)), Long.parseLong(found.group(3)));
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
