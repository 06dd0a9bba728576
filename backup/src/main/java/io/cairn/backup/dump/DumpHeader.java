package io.cairn.backup.dump;

import io.cairn.backup.SourceFault;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The head of an archive of {@code pg_dump} in custom format: what was dumped by whom, and how many entries its table
 * of contents has. Source: {@code ReadHead} in {@code pg_backup_archiver.c}, versions 1.12 to 1.16.
 */
record DumpHeader(String version, String database, String server, String program, long entries) {
    /** The head is within so many bytes of any archive. */
    static final int BYTES_MAX = 4096;

    private static final int CUSTOM = 1;

    static DumpHeader of(byte[] head) {
        try {
            return new Reader(head).header();
        } catch (ArrayIndexOutOfBoundsException cut) {
            throw new SourceFault.Damaged("what pg_dump printed ends within its own head; run the backup again", cut);
        }
    }

    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("database", database);
        facts.put("version", server);
        facts.put("pg_dump", program);
        facts.put("archive", version);
        facts.put("entries", String.valueOf(entries));
        return facts;
    }

    private static final class Reader {
        private final byte[] bytes;
        private int at;
        private int width;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        DumpHeader header() {
            if (!new String(bytes, 0, Math.min(5, bytes.length), StandardCharsets.ISO_8859_1).equals("PGDMP")) {
                throw new SourceFault.Damaged("what pg_dump printed is no archive in custom format; is it pg_dump?");
            }
            at = 5;
            int major = octet();
            int minor = octet();
            int revision = octet();
            width = octet();
            int offsets = octet();
            int format = octet();
            if (major != 1 || minor < 12 || format != CUSTOM || width > 8 || offsets > 8) {
                throw new SourceFault.Refused("pg_dump printed an archive of version " + major + "." + minor
                        + ", format " + format + ", which this version does not know");
            }
            // From 1.15 the kind of compression is one byte.
            if (minor >= 15) {
                int _ = octet();
            } else {
                long _ = number();
            }
            for (int i = 0; i < 7; i++) {
                long _ = number();
            }
            return new DumpHeader(major + "." + minor + "." + revision, text(), text(), text(), number());
        }

        private int octet() {
            return bytes[at++] & 0xff;
        }

        private long number() {
            boolean negative = octet() != 0;
            long value = 0;
            for (int i = 0; i < width; i++) {
                value |= (long) octet() << 8 * i;
            }
            return negative ? -value : value;
        }

        private String text() {
            long length = number();
            if (length < 0) {
                return "";
            }
            if (length > bytes.length - at) {
                throw new ArrayIndexOutOfBoundsException("a text of " + length + " bytes");
            }
            String text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
            at += (int) length;
            return text;
        }
    }
}
