package io.cairn.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rules of the house that lines of text can break. Stateless. */
final class TextRules {
    static final int FILE_LINES_MAX = 700;
    static final int LINE_CHARS_MAX = 120;

    private static final Set<String> BANNED_WORDS =
            Set.of("util", "utils", "common", "misc", "helper", "helpers", "impl", "manager");

    /** Written in two halves, because this file obeys the rules too. */
    private static final Pattern LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    /**
     * Hosts of package registries: which mirror serves a machine is that machine's affair. Debian has a package of the
     * same name as one of them, which no path follows.
     */
    private static final Pattern REGISTRY = Pattern.compile(List.of(
                    "repo1?[.]maven[.]",
                    "central[.]sonatype",
                    "oss[.]sonatype",
                    "mvnrepository[.]",
                    "jitpack[.]",
                    "plugins[.]gradle[.]",
                    "pypi[.]",
                    "pythonhosted[.]",
                    "npmjs[.]",
                    "yarnpkg[.]",
                    "crates[.]io",
                    "proxy[.]golang[.]",
                    "rubygems[.]",
                    "(?:[.]docker[.]io|docker[.]io/)",
                    "ghcr[.]io",
                    "quay[.]io",
                    "deb[.]debian[.]")
            .stream()
            .collect(Collectors.joining("|")));

    /** Paths of one machine. A slash, a word, and no path before it. */
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.$}~*/-])/(?:work|root|home/\\w+|usr/lib/jvm/temurin)(?=[/\\s\"'`)]|$)");

    private TextRules() {}

    static List<Violation> check(String path, String text) {
        var found = new ArrayList<Violation>();
        // The wrapper and the licence are others' words.
        if (path.equals("mvnw")) {
            return found;
        }
        List<String> lines = text.lines().toList();
        checkName(path, found);
        for (int i = 0; i < lines.size(); i++) {
            checkLine(path, lines.get(i), path + ":" + (i + 1), found);
        }
        if (isCode(path) && lines.size() > FILE_LINES_MAX) {
            found.add(new Violation("file-length", path, lines.size()));
        }
        return found;
    }

    private static boolean isCode(String path) {
        return path.endsWith(".java") || path.endsWith(".sh") || path.matches("(.*/)?[a-z-]+");
    }

    private static void checkLine(String path, String line, String where, List<Violation> found) {
        if (isCode(path) && line.length() > LINE_CHARS_MAX) {
            found.add(new Violation("line-length", where, line.length()));
        }
        Map.of("tab", Pattern.compile("\t"), "later", LATER, "registry", REGISTRY, "machine-path", MACHINE_PATH)
                .forEach((rule, pattern) -> {
                    if (pattern.matcher(line).find()) {
                        found.add(new Violation(rule, where, 1));
                    }
                });
    }

    private static void checkName(String path, List<Violation> found) {
        String stem = path.replaceFirst("[.][a-z]+$", "");
        for (String word : stem.split("[/._-]|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")) {
            if (BANNED_WORDS.contains(word.toLowerCase(java.util.Locale.ROOT))) {
                found.add(new Violation("name", path, 1));
            }
        }
    }

    static boolean isBannedName(String name) {
        var found = new ArrayList<Violation>();
        checkName(name, found);
        return !found.isEmpty();
    }
}
