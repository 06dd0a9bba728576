package io.cairn.host.linux;

import io.cairn.host.DeviceNumber;
import io.cairn.host.MountEntry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of {@code /proc/…/mountinfo}: a mount per line, fields parted by one space, in which space, tab, newline and
 * backslash are written as octal escapes. Texts are given as ISO 8859-1, a character per byte, because names need not
 * be UTF-8. Stateless. Source: proc_pid_mountinfo(5).
 */
final class MountInfo {
    private static final int DEVICE_FIELD = 2;
    private static final int ROOT_FIELD = 3;
    private static final int TARGET_FIELD = 4;
    private static final int FIRST_TAG_FIELD = 6;
    private static final int FIELDS_AFTER_TAGS = 3;
    private static final int OCTAL_DIGITS = 3;
    private static final int OCTAL = 8;

    private MountInfo() {}

    /** Throws IllegalArgumentException, which names the line, when one is not of this form. */
    static List<MountEntry> parse(String text) {
        return text.lines().map(MountInfo::line).toList();
    }

    /** The mount that is on top at a target. No other line is taken apart, or even copied: Docker asks all the time. */
    static Optional<MountEntry> at(String text, Path target) {
        String wanted = escape(target.toString());
        Optional<MountEntry> top = Optional.empty();
        int end;
        for (int from = 0; from < text.length(); from = end + 1) {
            end = end(text, from);
            int at = from;
            for (int field = 0; field < TARGET_FIELD && at >= from; field++) {
                at = text.indexOf(' ', at) + 1;
            }
            int after = at + wanted.length();
            if (at > from && after < end && text.charAt(after) == ' ' && text.startsWith(wanted, at)) {
                top = Optional.of(line(text.substring(from, end)));
            }
        }
        return top;
    }

    private static int end(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    /** As the kernel writes it: a character per byte, and those that part fields as octal digits. */
    private static String escape(String path) {
        var escaped = new StringBuilder(path.length());
        for (byte unit : path.getBytes(StandardCharsets.UTF_8)) {
            switch (unit) {
                case ' ', '\t', '\n', '\\' -> escaped.append(String.format("\\%03o", unit));
                default -> escaped.append((char) (unit & 0xff));
            }
        }
        return escaped.toString();
    }

    /**
     * The devices of the mounts alone; a line that names none is passed over, and so is a whole filesystem mounted
     * below a mount that takes part in one of {@code groups}: it came by propagation, and goes with the original.
     */
    static Set<DeviceNumber> devices(String text, Set<String> groups) {
        List<String[]> mounts = Arrays.stream(text.split("\n", -1))
                .map(line -> line.split(" ", -1))
                .toList();
        Set<String> receiving = new HashSet<>();
        for (String[] fields : mounts) {
            if (tags(fields).anyMatch(tag -> groups.contains(group(tag)))) {
                receiving.add(fields[0]);
            }
        }
        var found = new HashSet<DeviceNumber>();
        for (String[] fields : mounts) {
            boolean copy =
                    fields.length > ROOT_FIELD && fields[ROOT_FIELD].equals("/") && receiving.contains(fields[1]);
            if (fields.length > DEVICE_FIELD && !copy) {
                try {
                    found.add(DeviceNumber.parse(fields[DEVICE_FIELD]));
                } catch (IllegalArgumentException _) {
                    // Not a mount that anybody asks for.
                }
            }
        }
        return found;
    }

    /** The peer groups to which mounts of this text send what is mounted and unmounted below them. */
    static Set<String> sendingGroups(String text) {
        return text.lines()
                .flatMap(line -> tags(line.split(" ", -1)))
                .filter(tag -> tag.startsWith("shared:"))
                .map(MountInfo::group)
                .collect(Collectors.toSet());
    }

    /** The optional fields: {@code shared:1}, {@code master:1}, {@code propagate_from:1}. */
    private static Stream<String> tags(String[] fields) {
        return Arrays.stream(fields).skip(FIRST_TAG_FIELD).takeWhile(tag -> !tag.equals("-"));
    }

    private static String group(String tag) {
        return tag.substring(tag.indexOf(':') + 1);
    }

    /** The id of the first mount, which no other namespace has; empty when there is no mount. */
    static String firstId(String text) {
        return text.substring(0, Math.max(0, text.indexOf(' ')));
    }

    private static MountEntry line(String line) {
        String[] fields = line.split(" ", -1);
        int dash = FIRST_TAG_FIELD;
        while (dash < fields.length && !fields[dash].equals("-")) {
            dash++;
        }
        if (fields.length <= dash + FIELDS_AFTER_TAGS) {
            throw new IllegalArgumentException("not a line of mountinfo: '" + line + "'");
        }
        return new MountEntry(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                DeviceNumber.parse(fields[DEVICE_FIELD]),
                unescape(fields[3]),
                path(unescape(fields[TARGET_FIELD])),
                List.of(fields[5].split(",")),
                List.of(fields).subList(FIRST_TAG_FIELD, dash),
                fields[dash + 1],
                unescape(fields[dash + 2]),
                List.of(unescape(fields[dash + FIELDS_AFTER_TAGS]).split(",")));
    }

    /** A name that Java cannot say (bytes that are no text here) is not one of ours: it only must not be in the way. */
    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            return Path.of(text.replaceAll("[^\\x20-\\x7e]", "?"));
        }
    }

    static String unescape(String field) {
        var bytes = new ByteArrayOutputStream(field.length());
        for (int i = 0; i < field.length(); i++) {
            int escaped = field.charAt(i) == '\\' ? octal(field, i + 1) : -1;
            bytes.write(escaped >= 0 ? escaped : field.charAt(i));
            i += escaped >= 0 ? OCTAL_DIGITS : 0;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The byte that three octal digits at {@code at} are, or -1. */
    private static int octal(String field, int at) {
        if (at + OCTAL_DIGITS > field.length()) {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + OCTAL_DIGITS; i++) {
            int digit = field.charAt(i) - '0';
            if (digit < 0 || digit >= OCTAL) {
                return -1;
            }
            value = value * OCTAL + digit;
        }
        return value <= 0xff ? value : -1;
    }
}
