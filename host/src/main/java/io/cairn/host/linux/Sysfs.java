package io.cairn.host.linux;

import io.cairn.host.DeviceNumber;
import io.cairn.host.kernel.KernelText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Attributes of block devices under {@code /sys/block}. A device that goes away while it is read is absent. */
final class Sysfs {
    static final Path BLOCK = Path.of("/sys/block");
    static final Path BY_NUMBER = Path.of("/sys/dev/block");

    private Sysfs() {}

    /** The text of an attribute, without its newline. */
    static Optional<String> text(Path attribute) {
        try {
            return Optional.of(
                    KernelText.read(attribute, StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException _) {
            // Devices come and go while they are looked at; gone and unreadable are the same to the reader.
            return Optional.empty();
        }
    }

    static Optional<DeviceNumber> number(String device) {
        return text(BLOCK.resolve(device).resolve("dev")).map(DeviceNumber::parse);
    }
}
