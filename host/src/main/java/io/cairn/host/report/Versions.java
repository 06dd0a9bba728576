package io.cairn.host.report;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the number of a version in what a program says of itself. Stateless. */
final class Versions {
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d{1,9}(?:\\.\\d{1,9}){1,3}(?![\\w.])");

    private Versions() {}

    static Optional<String> in(String line) {
        Matcher number = NUMBER.matcher(line);
        return number.find() ? Optional.of(number.group()) : Optional.empty();
    }
}
