package io.cairn.shards;

import io.cairn.model.DriveId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The identity file of a drive: who it is and to which cluster it belongs. Layout: {@code docs/formats/drive.md}. */
public record DriveIdentity(DriveId id, String cluster, Instant created) {
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final String FIRST_LINE = "cairn-drive ";
    private static final int VERSION = 1;

    public DriveIdentity {
        if (!CLUSTER.matcher(cluster).matches()) {
            throw new IllegalArgumentException("not a cluster id: '" + cluster + "'");
        }
    }

    byte[] encode() {
        String text = FIRST_LINE + VERSION + "\nid " + id + "\ncluster " + cluster + "\ncreated " + created + "\n";
        return (text + "crc32c " + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String checksum(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().toHexDigits(RecordHead.crc(bytes, 0, bytes.length));
    }

    /** The identity in the bytes of a file, or empty when they are damaged or none. */
    static Optional<DriveIdentity> decode(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int last = text.lastIndexOf("crc32c ");
        if (!text.startsWith(FIRST_LINE)
                || last < 0
                || !text.substring(last).equals("crc32c " + checksum(text.substring(0, last)) + "\n")) {
            return Optional.empty();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                fields.put(line.substring(0, space), line.substring(space + 1));
            }
        });
        String version = fields.getOrDefault("cairn-drive", "");
        if (!version.equals(Integer.toString(VERSION))) {
            throw new UnknownFormatException("drive format " + version + ", this program reads " + VERSION);
        }
        try {
            return Optional.of(new DriveIdentity(
                    DriveId.parse(fields.getOrDefault("id", "")),
                    fields.getOrDefault("cluster", ""),
                    Instant.parse(fields.getOrDefault("created", ""))));
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            return Optional.empty();
        }
    }
}
