package io.cairn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version of this program, as the build wrote it beside the class. Stateless. */
final class Version implements IVersionProvider {
    /** For example {@code 0.1.0}. */
    static String number() {
        try (var in = Version.class.getResourceAsStream("version")) {
            if (in == null) {
                throw new IllegalStateException("the build wrote no version");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String line() {
        return "cairn " + number();
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }
}
