package io.cairn.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/** The text of a root key file, sealed with a checksum. Layout: {@code docs/formats/drive.md}. Stateless. */
final class RootKeyForm {
    private static final String ACCESS = "access_key";
    private static final String SECRET = "secret_key";
    private static final String SEAL = "crc32c";

    private RootKeyForm() {}

    static String encode(RootKey key) {
        String text = ACCESS + "=" + key.accessKey() + "\n" + SECRET + "=" + key.secretKey() + "\n";
        return text + SEAL + "=" + checksum(text) + "\n";
    }

    /** The key in the bytes of a file, or empty when they are damaged. A file without a seal is taken as it is. */
    static Optional<RootKey> decode(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int seal = text.indexOf(SEAL);
            String sealed = seal < 0 ? text : text.substring(0, seal);
            Map<String, String> values = values(sealed);
            boolean sound = Set.of(ACCESS, SECRET).equals(values.keySet())
                    && (seal < 0 || text.substring(seal).equals(SEAL + "=" + checksum(sealed) + "\n"));
            return sound
                    ? Optional.of(new RootKey(values.getOrDefault(ACCESS, ""), values.getOrDefault(SECRET, "")))
                    : Optional.empty();
        } catch (CharacterCodingException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** The values by name; a line that is not one is the name of an empty value, which nobody knows. */
    private static Map<String, String> values(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int equals = Math.max(0, line.indexOf('='));
            values.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals).replaceFirst("=", "").strip());
        });
        return values;
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
