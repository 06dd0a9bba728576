package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The server's list of all files of a base backup, with their sizes and checksums, and what was received of them. One
 * thread.
 */
final class Manifest {
    private static final String OWN_SUM = "\"Manifest-Checksum\"";
    private static final int NAMED_MAX = 10;

    private final Map<String, Received> received = new HashMap<>();

    private record Received(long size, int crc) {}

    /** A file came, with this CRC-32C. {@code path} is as the manifest has it, from the data directory on. */
    void received(String path, long size, long crc) {
        received.put(path, new Received(size, (int) crc));
    }

    /**
     * Compares what was received with what the server says that it sent; {@link SourceFault.Damaged} when they differ.
     *
     * @return how many files the manifest has
     */
    int verify(byte[] json) {
        checkOwnSum(json);
        Map<String, Received> rest = new HashMap<>(received);
        StringBuilder wrong = new StringBuilder();
        int count = 0;
        try {
            Map<String, Object> manifest = Json.object(Json.read(json, "the manifest"), "the manifest");
            for (Object element : manifest.get("Files") instanceof List<?> list ? list : List.of()) {
                Map<String, Object> file = Json.object(element, "a file of the manifest");
                String path = path(file);
                Received got = rest.remove(path);
                count++;
                if (got == null) {
                    wrong.append(", ").append(path).append(" did not come");
                } else if (got.size() != Json.number(file, "Size")) {
                    wrong.append(", ")
                            .append(path)
                            .append(" has ")
                            .append(got.size())
                            .append(" bytes instead of ");
                    wrong.append(Json.number(file, "Size"));
                } else if (Json.text(file, "Checksum-Algorithm").equals("CRC32C")
                        && !Json.text(file, "Checksum").equalsIgnoreCase(hex(got.crc()))) {
                    wrong.append(", ").append(path).append(" has another checksum");
                }
            }
        } catch (RepositoryFault.Damaged broken) {
            throw new SourceFault.Damaged(broken.getMessage() + "; take the backup again", broken);
        }
        rest.keySet().stream()
                .filter(path -> !path.startsWith("pg_wal/"))
                .limit(NAMED_MAX)
                .forEach(path -> wrong.append(", ").append(path).append(" is not in the manifest"));
        if (!wrong.isEmpty()) {
            throw new SourceFault.Damaged(
                    "the base backup is not what the server's manifest says: " + wrong.substring(2));
        }
        return count;
    }

    private static String path(Map<String, Object> file) {
        String encoded = Json.text(file, "Encoded-Path");
        try {
            return encoded.isEmpty()
                    ? Json.text(file, "Path")
                    : new String(HexFormat.of().parseHex(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notHex) {
            throw new RepositoryFault.Damaged("the manifest has a name that is not hexadecimal", notHex);
        }
    }

    /** The CRC as PostgreSQL prints it: its bytes in the order of memory. */
    private static String hex(int crc) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(crc)).toLowerCase(Locale.ROOT);
    }

    /** The last line of a manifest is the SHA-256 of all lines before it. */
    private static void checkOwnSum(byte[] json) {
        String text = new String(json, StandardCharsets.ISO_8859_1);
        int line = text.lastIndexOf(OWN_SUM);
        int begin = line < 0 ? -1 : text.indexOf('"', line + OWN_SUM.length() + 1);
        int end = begin < 0 ? -1 : text.indexOf('"', begin + 1);
        if (end < 0 || !Id.of(json, 0, line).toString().equalsIgnoreCase(text.substring(begin + 1, end))) {
            throw new SourceFault.Damaged("the manifest of the base backup came damaged; take the backup again");
        }
    }
}
