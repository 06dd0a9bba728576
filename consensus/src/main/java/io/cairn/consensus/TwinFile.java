package io.cairn.consensus;

import io.cairn.model.CorruptFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small sealed file and a copy of it beside it, {@code NAME} and {@code NAME.copy}, one of which is enough. The file
 * is written first and counts while it is sound; the copy may be one change older after a crash, until it is mended.
 * For one writer.
 */
final class TwinFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(TwinFile.class);

    private final Path file;
    private final Path copy;
    private final Function<byte[], T> decoder;

    /** @param decoder fails with {@link CorruptFault} on bytes that are not sound */
    TwinFile(Path file, Function<byte[], T> decoder) {
        this.file = file;
        this.copy = file.resolveSibling(file.getFileName() + ".copy");
        this.decoder = decoder;
    }

    /** Replaces both, durably: after a crash the file is the old or the new one, and the copy one of the two. */
    void write(byte[] content) throws IOException {
        DurableFiles.replace(file, content);
        DurableFiles.replace(copy, content);
    }

    /** The file's content, or the copy's; empty when neither is there. Throws what is wrong when neither is sound. */
    Optional<T> read() throws IOException {
        if (!Files.exists(file) && !Files.exists(copy)) {
            return Optional.empty();
        }
        Optional<byte[]> sound = sound(file).or(() -> sound(copy));
        return Optional.of(decoder.apply(sound.isPresent() ? sound.get() : unsound()));
    }

    private byte[] unsound() throws IOException {
        return Files.readAllBytes(Files.exists(file) ? file : copy);
    }

    /** The bytes of a sound file; one that the disk cannot read is as good as a damaged one. */
    private Optional<byte[]> sound(Path path) {
        try {
            byte[] content = Files.readAllBytes(path);
            T _ = decoder.apply(content);
            return Optional.of(content);
        } catch (IOException | CorruptFault unusable) {
            return Optional.empty();
        }
    }

    /** As {@link #read}, after the one that is missing, damaged or older was put right from the other. */
    Optional<T> mended() throws IOException {
        Optional<byte[]> first = sound(file);
        Optional<byte[]> second = sound(copy);
        if (first.isPresent() && (second.isEmpty() || !Arrays.equals(first.get(), second.get()))) {
            restore(copy, first.get());
        } else if (first.isEmpty() && second.isPresent()) {
            restore(file, second.get());
        }
        return read();
    }

    private static void restore(Path path, byte[] content) throws IOException {
        if (Files.exists(path)) {
            Path kept = path.resolveSibling(path.getFileName() + ".damaged");
            Path _ = Files.move(path, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            LOG.warn("{} was not what its copy is and has been restored; the old one is {}", path, kept);
        }
        DurableFiles.replace(path, content);
    }
}
