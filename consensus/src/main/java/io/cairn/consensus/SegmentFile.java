package io.cairn.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * One segment file as Ratis 3 writes it: {@code RaftLog1}, then for each entry the varint of its length, its protobuf
 * form and the CRC32C of both, then zeros up to the preallocated size. Read whole; used by one thread.
 */
final class SegmentFile {
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.UTF_8);
    private static final Pattern NAME = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");
    private static final int FRAME_BYTES_MAX = 4 << 20;
    /** The tag of the term, the first field of an entry. */
    private static final byte FIRST_TAG = 0x08;

    private final Path path;
    private final byte[] bytes;
    private final long firstIndex;
    private final long lastIndex;

    /**
     * How far a segment can be read.
     *
     * @param entries the entries before {@code end}
     * @param end the position after the last entry
     * @param cleanEnd nothing but zeros follows
     */
    record Reading(long entries, int end, boolean cleanEnd) {}

    SegmentFile(Path path) throws IOException {
        this.path = path;
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (!name.matches()) {
            throw new IOException("not a log segment: " + path);
        }
        boolean open = name.group(1) != null;
        firstIndex = Long.parseLong(open ? name.group(1) : name.group(2));
        lastIndex = open ? Long.MAX_VALUE - 1 : Long.parseLong(name.group(3));
        bytes = Files.readAllBytes(path);
    }

    static boolean isSegment(Path path) {
        return NAME.matcher(path.getFileName().toString()).matches();
    }

    static boolean isClosed(Path path) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        return name.matches() && name.group(2) != null;
    }

    Path path() {
        return path;
    }

    long firstIndex() {
        return firstIndex;
    }

    long expectedEntries() {
        return lastIndex - firstIndex + 1;
    }

    Reading read() {
        for (int i = 0; i < HEADER.length; i++) {
            if (i >= bytes.length || bytes[i] != HEADER[i]) {
                return new Reading(0, 0, zeros(i));
            }
        }
        int at = HEADER.length;
        long entries = 0;
        int next;
        while (entries != expectedEntries() && (next = frameEnd(at)) > 0) {
            entries++;
            at = next;
        }
        return new Reading(entries, at, zeros(at));
    }

    private boolean zeros(int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** The highest committed index that any whole entry behind the position knows of, or -1. */
    long committedAfter(int position) {
        long committed = -1;
        for (int at = position + 1; at < bytes.length; at++) {
            int end = bytes[at] == 0 ? -1 : frameEnd(at);
            if (end > 0) {
                committed = Math.max(committed, committedKnownBy(at, end));
                at = end - 1;
            }
        }
        return committed;
    }

    private long committedKnownBy(int at, int end) {
        try {
            int start = lengthEnd(at);
            LogEntryProto entry = LogEntryProto.parser().parseFrom(bytes, start, end - Integer.BYTES - start);
            ByteBuffer data = entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer();
            return data.remaining() >= EntryFormat.HEADER_BYTES ? EntryFormat.committedIndex(data) : -1;
        } catch (InvalidProtocolBufferException _) {
            return -1;
        }
    }

    /** The end of the whole and undamaged frame at the position, or -1. */
    private int frameEnd(int at) {
        int start = lengthEnd(at);
        if (start < 0) {
            return -1;
        }
        long length = length(at, start);
        if (length <= 0 || length > FRAME_BYTES_MAX || start + length + Integer.BYTES > bytes.length) {
            return -1;
        }
        int end = start + (int) length;
        if (bytes[start] != FIRST_TAG) {
            return -1;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, end - at);
        return (int) crc.getValue() == ByteBuffer.wrap(bytes).getInt(end) ? end + Integer.BYTES : -1;
    }

    private int lengthEnd(int at) {
        for (int i = at; i < bytes.length && i < at + 5; i++) {
            if (bytes[i] >= 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private long length(int at, int end) {
        long length = 0;
        for (int i = end - 1; i >= at; i--) {
            length = length << 7 | (bytes[i] & 0x7f);
        }
        return length;
    }
}
