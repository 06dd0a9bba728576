package io.cairn.host.report;

import io.cairn.host.kernel.KernelText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Small files and links of {@code /proc} and {@code /sys}; absent and unreadable are the same to a report. */
final class SmallText {
    private SmallText() {}

    static Optional<String> of(Path file) {
        try {
            return Optional.of(
                    KernelText.read(file, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
