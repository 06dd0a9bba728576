package io.cairn.volumes.spec;

import java.util.Arrays;
import java.util.regex.Pattern;

/** The forms of paths that users may name as what is to be mounted. Stateless. */
final class ExistingPaths {
    private static final int CHARS_MAX = 1024;
    private static final Pattern SERVED = Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:]{2,45}])?:(/.*)");

    private ExistingPaths() {}

    /** An absolute path that stays below where it starts: no '..', no control characters. */
    static boolean absolute(String path) {
        return path.startsWith("/")
                && path.length() <= CHARS_MAX
                && path.chars().noneMatch(c -> c < ' ' || c == 0x7f)
                && Arrays.stream(path.split("/")).noneMatch(part -> part.equals(".."));
    }

    /** A directory of a file server: {@code :/path} or {@code server:/path}. */
    static boolean served(String device) {
        var matcher = SERVED.matcher(device);
        return matcher.matches() && absolute(matcher.group(1));
    }
}
