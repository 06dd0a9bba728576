package io.cairn.backup.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Walks over an RDB as it passes by, without decoding values: counts keys per database and reads what the server wrote
 * about itself. A type that it does not know ends the counting, not the copy. Holds a few hundred bytes between calls.
 * Source: {@code rdb.c} and {@code rdb.h} of Redis up to 7.4. One thread.
 */
final class RdbWalk {
    private static final int CAPTURED_BYTES_MAX = 4096;
    private static final Underflow UNDERFLOW = new Underflow();

    /** More bytes are needed for this step; it is made again when they are here. */
    private static final class Underflow extends RuntimeException {
        private static final long serialVersionUID = 1;

        Underflow() {
            super("more bytes are needed", null, false, false);
        }
    }

    /** Reads a few bytes and says what comes next. */
    private interface Step {
        void run();
    }

    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final TreeMap<Long, Long> keys = new TreeMap<>();
    private byte[] bytes = new byte[0];
    private int at;
    private long skip;
    private long database;
    private long expiring;
    private long functions;
    private int version;
    private boolean ended;
    private Optional<String> unknown = Optional.empty();

    RdbWalk() {
        steps.push(this::head);
    }

    /** The next bytes. */
    void feed(byte[] next, int offset, int length) {
        if (ended || unknown.isPresent()) {
            return;
        }
        int left = bytes.length - at;
        byte[] joined = new byte[left + length];
        System.arraycopy(bytes, at, joined, 0, left);
        System.arraycopy(next, offset, joined, left, length);
        bytes = joined;
        at = 0;
        while (!ended && unknown.isEmpty() && advance()) {
            // Step by step, as far as the bytes reach.
        }
        bytes = Arrays.copyOfRange(bytes, at, bytes.length);
        at = 0;
    }

    private boolean advance() {
        int skipped = (int) Math.min(skip, bytes.length - at);
        at += skipped;
        skip -= skipped;
        if (skip > 0) {
            return false;
        }
        int before = at;
        Step step = steps.pop();
        try {
            step.run();
            return true;
        } catch (Underflow _) {
            at = before;
            steps.push(step);
            return false;
        }
    }

    /** Whether the mark of the end was reached by known ways only. */
    boolean ended() {
        return ended;
    }

    int version() {
        return version;
    }

    /** What the server wrote into the file about itself: {@code redis-ver}, {@code repl-id}, {@code repl-offset}. */
    Map<String, String> facts() {
        return Map.copyOf(facts);
    }

    /** Keys by the number of their database. */
    Map<Long, Long> keys() {
        return Map.copyOf(keys);
    }

    long expiring() {
        return expiring;
    }

    long functions() {
        return functions;
    }

    /** What it could not walk over. */
    Optional<String> unknown() {
        return unknown;
    }

    private void head() {
        need(9);
        String head = new String(bytes, at, 9, StandardCharsets.ISO_8859_1);
        at += 9;
        if (head.matches("REDIS\\d{4}")) {
            version = Integer.parseInt(head.substring(5));
            steps.push(this::opcode);
        } else {
            unknown = Optional.of("a file that does not begin as an RDB");
        }
    }

    private void opcode() {
        int code = octet();
        steps.push(this::opcode);
        switch (code) {
            case 255 -> ended = true;
            case 254 -> steps.push(() -> database = length());
            case 253 -> expires(4);
            case 252 -> expires(8);
            case 251 -> lengths(2);
            case 250 -> steps.push(this::fact);
            case 249 -> skip = 1;
            case 248 -> lengths(1);
            case 247 -> {
                steps.push(this::moduleValue);
                lengths(3);
            }
            case 245, 246 -> {
                functions++;
                strings(1);
            }
            case 244 -> lengths(3);
            default -> key(code);
        }
    }

    private void expires(int width) {
        expiring++;
        skip = width;
    }

    private void fact() {
        Optional<String> name = captured();
        Optional<String> value = captured();
        if (name.isPresent() && value.isPresent()) {
            facts.put(name.get(), value.get());
        }
    }

    private void key(int type) {
        Step value = value(type);
        if (unknown.isEmpty()) {
            keys.merge(database, 1L, Long::sum);
            steps.push(value);
            strings(1);
        }
    }

    private Step value(int type) {
        return switch (type) {
            case 0, 9, 10, 11, 12, 13, 16, 17, 20 -> () -> strings(1);
            case 1, 2, 14 -> () -> strings(length());
            case 4 -> () -> strings(2 * length());
            case 3 -> () -> times(length(), inOrder(() -> strings(1), this::printedNumber));
            case 5 -> () -> times(length(), inOrder(() -> strings(1), () -> skip = 8));
            case 7 -> inOrder(() -> lengths(1), this::moduleValue);
            case 15, 19, 21 -> stream(type);
            case 18 -> () -> times(length(), inOrder(() -> lengths(1), () -> strings(1)));
            case 24 -> inOrder(() -> skip = 8, () -> times(length(), inOrder(() -> lengths(1), () -> strings(2))));
            case 25 -> inOrder(() -> skip = 8, () -> strings(1));
            default -> {
                unknown = Optional.of("type " + type + " of a value");
                yield () -> {};
            }
        };
    }

    private Step stream(int type) {
        boolean counted = type >= 19;
        Step pending = () -> times(length(), inOrder(() -> skip = 24, () -> lengths(1)));
        Step consumer =
                inOrder(() -> strings(1), () -> skip = type >= 21 ? 16 : 8, () -> times(length(), () -> skip = 16));
        Step group =
                inOrder(() -> strings(1), () -> lengths(counted ? 3 : 2), pending, () -> times(length(), consumer));
        return inOrder(() -> strings(2 * length()), () -> lengths(counted ? 8 : 3), () -> times(length(), group));
    }

    private void moduleValue() {
        long code = length();
        if (code != 0) {
            steps.push(this::moduleValue);
        }
        switch ((int) code) {
            case 0 -> {}
            case 1, 2 -> lengths(1);
            case 3 -> skip = 4;
            case 4 -> skip = 8;
            case 5 -> strings(1);
            default -> unknown = Optional.of("part " + code + " of a module's value");
        }
    }

    private Step inOrder(Step... parts) {
        return () -> {
            for (int i = parts.length - 1; i >= 0; i--) {
                steps.push(parts[i]);
            }
        };
    }

    private void times(long count, Step body) {
        if (count > 0) {
            steps.push(() -> times(count - 1, body));
            steps.push(body);
        }
    }

    private void lengths(long count) {
        times(count, this::length);
    }

    private void strings(long count) {
        times(count, () -> skip = stringLength());
    }

    private void printedNumber() {
        int width = octet();
        skip = width >= 253 ? 0 : width;
    }

    private void need(long count) {
        if (bytes.length - at < count) {
            throw UNDERFLOW;
        }
    }

    private int octet() {
        need(1);
        return bytes[at++] & 0xff;
    }

    private long bigEndian(int width) {
        need(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | octet();
        }
        return value;
    }

    private long length() {
        int first = octet();
        return switch (first >>> 6) {
            case 0 -> first & 0x3f;
            case 1 -> (first & 0x3f) << 8 | octet();
            case 2 -> bigEndian(first == 0x81 ? 8 : 4);
            default -> {
                unknown = Optional.of("a length that is none");
                yield 0;
            }
        };
    }

    /** How many bytes the string that begins here still has behind its head. */
    private long stringLength() {
        need(1);
        int first = bytes[at] & 0xff;
        if (first >>> 6 != 3) {
            return length();
        }
        at++;
        if (first == 0xc3) {
            long compressed = length();
            length();
            return compressed;
        }
        return integerWidth(first);
    }

    private int integerWidth(int first) {
        return switch (first) {
            case 0xc0 -> 1;
            case 0xc1 -> 2;
            case 0xc2 -> 4;
            default -> {
                unknown = Optional.of("a string of encoding " + (first & 0x3f));
                yield 0;
            }
        };
    }

    /** A short string, or empty for one that is long or compressed, and that is skipped. */
    private Optional<String> captured() {
        need(1);
        int first = bytes[at] & 0xff;
        long count = stringLength();
        if (first == 0xc3 || count > CAPTURED_BYTES_MAX) {
            need(count);
            at += (int) count;
            return Optional.empty();
        }
        if (first >>> 6 == 3) {
            need(count);
            long value = 0;
            for (int i = 0; i < count; i++) {
                value |= (long) octet() << 8 * i;
            }
            return Optional.of(String.valueOf(count == 4 ? (int) value : count == 2 ? (short) value : (byte) value));
        }
        need(count);
        String text = new String(bytes, at, (int) count, StandardCharsets.UTF_8);
        at += (int) count;
        return Optional.of(text);
    }
}
