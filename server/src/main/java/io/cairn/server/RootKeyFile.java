package io.cairn.server;

import io.cairn.base.Entropy;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.Properties;

/**
 * The file {@value #NAME} in every data directory, readable by its owner only, with the generated root key. A copy lies
 * on each drive, so that the loss of one does not lock anybody out.
 */
public final class RootKeyFile {
    public static final String NAME = "root-credentials";

    private static final int ACCESS_BYTES = 10;
    private static final int SECRET_BYTES = 30;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private RootKeyFile() {}

    /** The root key in a data directory, if there is one. */
    public static Optional<RootKey> read(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(
                    new RootKey(properties.getProperty("access_key", ""), properties.getProperty("secret_key", "")));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StartFault(
                    "the root credentials in " + file + " cannot be read: " + unreadable.getMessage()
                            + "; restore the file from another drive's directory, or give CAIRN_ROOT_ACCESS_KEY and"
                            + " CAIRN_ROOT_SECRET_KEY",
                    unreadable);
        }
    }

    /** A fresh key with 160 and more bits of randomness. */
    static RootKey generate(Entropy entropy) {
        StringBuilder access = new StringBuilder("CAIRN");
        for (byte random : entropy.bytes(ACCESS_BYTES + ACCESS_BYTES / 2)) {
            access.append(LETTERS.charAt(random & LETTERS.length() - 1));
        }
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(entropy.bytes(SECRET_BYTES));
        return new RootKey(access.toString(), secret);
    }

    /** Writes the key to every directory that lacks it: a new file with mode 0600, synced, renamed into place. */
    static void write(RootKey key, Collection<Path> directories) {
        for (Path directory : directories) {
            if (!Files.exists(directory.resolve(NAME))) {
                write(key, directory);
            }
        }
    }

    private static void write(RootKey key, Path directory) {
        Path draft = directory.resolve(NAME + ".new");
        String text = "access_key=" + key.accessKey() + "\nsecret_key=" + key.secretKey() + "\n";
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(draft, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
                parent.force(true);
            }
        } catch (IOException fault) {
            throw new UncheckedIOException("the root credentials cannot be written to " + directory, fault);
        }
    }
}
