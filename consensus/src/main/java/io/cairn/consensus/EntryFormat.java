package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.model.CorruptFault;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of one log entry: several commands in order, sealed by a CRC32C over all of it. The page is
 * {@code docs/formats/log-entry.md}. Stateless.
 */
final class EntryFormat {
    static final byte VERSION = 1;
    /** Version, flags, count, committed index. */
    static final int HEADER_BYTES = 1 + 1 + 2 + 8;

    static final int COMMANDS_MAX = 256;

    private EntryFormat() {}

    /** The size of an entry of so many commands of so many bytes in sum. */
    static int encodedBytes(int commands, int commandBytes) {
        return HEADER_BYTES + 4 * commands + commandBytes + 4;
    }

    static byte[] encode(long committedIndex, List<byte[]> commands) {
        Checks.check(!commands.isEmpty() && commands.size() <= COMMANDS_MAX, "1 to 256 commands in an entry");
        int commandBytes = 0;
        for (byte[] command : commands) {
            commandBytes += command.length;
        }
        ByteBuffer target = ByteBuffer.allocate(encodedBytes(commands.size(), commandBytes));
        target.put(VERSION).put((byte) 0).putShort((short) commands.size()).putLong(committedIndex);
        for (byte[] command : commands) {
            target.putInt(command.length).put(command);
        }
        target.putInt(crc(target.duplicate().flip()));
        return target.array();
    }

    /** The highest index that was known to be committed when the entry was made. */
    static long committedIndex(ByteBuffer entry) {
        return entry.getLong(entry.position() + 4);
    }

    /** The commands of an entry, whose checksum is verified first. */
    static List<byte[]> decode(long index, ByteBuffer entry) {
        ByteBuffer source = entry.slice();
        if (source.remaining() < HEADER_BYTES + 4) {
            throw corrupt(index, "it has " + source.remaining() + " bytes, at least 16 expected");
        }
        int covered = source.remaining() - 4;
        if (source.getInt(covered) != crc(source.duplicate().limit(covered))) {
            throw corrupt(index, "its CRC32C does not match");
        }
        if (source.get() != VERSION || source.get() != 0) {
            throw corrupt(index, "its version or flags are not known; a newer Cairn may have written it");
        }
        int count = source.getShort() & 0xffff;
        source.getLong();
        List<byte[]> commands = new ArrayList<>(Math.min(count, COMMANDS_MAX));
        try {
            for (int i = 0; i < count; i++) {
                int length = source.getInt();
                if (length < 0 || length > source.remaining() - 4) {
                    throw corrupt(index, "a command's length " + length + " leaves the entry");
                }
                byte[] command = new byte[length];
                source.get(command);
                commands.add(command);
            }
        } catch (BufferUnderflowException e) {
            throw corrupt(index, "it ends inside a command's length");
        }
        if (source.remaining() != 4) {
            throw corrupt(index, "bytes follow its last command");
        }
        return commands;
    }

    private static CorruptFault corrupt(long index, String what) {
        return new CorruptFault("log entry " + index + " is damaged: " + what);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
