package io.cairn.backup.bucket;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keys of objects as paths of a snapshot, and back; see {@code docs/formats/bucket-tree.md}. Stateless. */
final class KeyPaths {
    /** Ends the directory of all versions of a key. */
    static final String VERSIONS = "%v";

    private static final String DIRECTORY = "%d";
    private static final String PIECE = "%+";
    private static final String EMPTY = "%-";
    private static final int PIECE_BYTES_MAX = 200;
    private static final int SUFFIX = 2;
    private static final int HEX = 16;

    private KeyPaths() {}

    /**
     * The names that lead to a key.
     *
     * @param taken whether there is an object of that key, so that its name is no directory's
     */
    static List<String> names(String key, Predicate<String> taken) {
        List<String> names = new ArrayList<>();
        int start = 0;
        for (int slash; (slash = key.indexOf('/', start)) >= 0; start = slash + 1) {
            List<String> pieces = pieces(key.substring(start, slash));
            names.addAll(pieces);
            if (taken.test(key.substring(0, slash))) {
                names.set(names.size() - 1, names.getLast() + DIRECTORY);
            }
        }
        names.addAll(pieces(key.substring(start)));
        return names;
    }

    /** The key behind names. */
    static String key(List<String> names) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean piece = name.endsWith(PIECE);
            boolean marked = piece || name.endsWith(DIRECTORY) || name.endsWith(VERSIONS);
            key.append(plain(marked ? name.substring(0, name.length() - SUFFIX) : name));
            if (!piece && i < names.size() - 1) {
                key.append('/');
            }
        }
        return key.toString();
    }

    /** One name, whatever its length. */
    static String name(String text) {
        StringBuilder name = new StringBuilder();
        text.codePoints().forEach(c -> name.append(escaped(c)));
        return name.toString();
    }

    private static List<String> pieces(String segment) {
        if (segment.isEmpty()) {
            return List.of(EMPTY);
        }
        if (segment.equals(".") || segment.equals("..")) {
            return List.of(segment.replace(".", "%2E"));
        }
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < segment.length(); ) {
            int point = segment.codePointAt(i);
            i += Character.charCount(point);
            String written = escaped(point);
            int more = written.getBytes(StandardCharsets.UTF_8).length;
            if (bytes + more > PIECE_BYTES_MAX) {
                pieces.add(piece + PIECE);
                piece.setLength(0);
                bytes = 0;
            }
            piece.append(written);
            bytes += more;
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private static String escaped(int point) {
        return point < ' ' || point == 0x7f || point == '%' || point == '/'
                ? "%%%02X".formatted(point)
                : Character.toString(point);
    }

    private static String plain(String written) {
        if (written.equals(EMPTY)) {
            return "";
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] in = written.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && i + 2 < in.length) {
                bytes.write(Integer.parseInt(new String(in, i + 1, 2, StandardCharsets.US_ASCII), HEX));
                i += 2;
            } else {
                bytes.write(in[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
