package io.cairn.server;

import io.cairn.base.Entropy;
import io.cairn.model.KeyPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@value #NAME} in every data directory, and its copy beside it, readable by their owner only, with the
 * generated root key. Any sound one of a node's files is enough, so that neither a lost drive nor a damaged file locks
 * anybody out. Layout: {@code docs/formats/drive.md}.
 */
public final class RootKeyFile {
    public static final String NAME = "root-credentials";

    private static final Logger LOG = LoggerFactory.getLogger(RootKeyFile.class);
    private static final String COPY = NAME + ".copy";
    private static final String DAMAGED = ".damaged";
    private static final String PREFIX = "CAIRN";

    private RootKeyFile() {}

    /**
     * The root key in these data directories, if there is one.
     *
     * @throws StartFault when every file is damaged, or sound ones hold different keys
     */
    public static Optional<RootKey> find(Collection<Path> directories) {
        List<Path> sound = new ArrayList<>();
        List<Path> damaged = new ArrayList<>();
        Optional<RootKey> found = Optional.empty();
        for (Path file : files(directories)) {
            if (Files.exists(file)) {
                Optional<RootKey> key = read(file);
                if (key.isEmpty()) {
                    damaged.add(file);
                } else if (found.isPresent() && !found.equals(key)) {
                    throw new StartFault("there are two root keys: one in " + sound.getFirst() + ", another in " + file
                            + "; remove the files with the one that is not to be used, or give " + inEnvironment());
                } else {
                    found = key;
                    sound.add(file);
                }
            }
        }
        if (found.isEmpty() && !damaged.isEmpty()) {
            throw new StartFault("the root key cannot be read: " + damaged + " are damaged, and there is no sound copy;"
                    + " write the two lines access_key=… and secret_key=… into the first one, or give "
                    + inEnvironment());
        }
        return found;
    }

    private static String inEnvironment() {
        return RootKey.ACCESS_VARIABLE + " and " + RootKey.SECRET_VARIABLE;
    }

    private static List<Path> files(Collection<Path> directories) {
        return directories.stream()
                .flatMap(directory -> List.of(directory.resolve(NAME), directory.resolve(COPY)).stream())
                .toList();
    }

    /** The key of a sound file; a file that the disk cannot read is as good as a damaged one. */
    private static Optional<RootKey> read(Path file) {
        try {
            return RootKeyForm.decode(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            LOG.warn("{} cannot be read: {}", file, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** The root key of these directories, or a fresh one; afterwards it is in each of them. */
    static RootKey findOrMake(Collection<Path> directories, Entropy entropy) {
        RootKey key = find(directories).orElseGet(() -> generate(entropy));
        write(key, directories);
        return key;
    }

    /** A fresh key. */
    static RootKey generate(Entropy entropy) {
        KeyPair pair = KeyPair.generate(PREFIX, entropy);
        return new RootKey(pair.accessKey(), pair.secretKey());
    }

    /** Writes the key wherever it is missing; keeps what was damaged under another name. */
    static void write(RootKey key, Collection<Path> directories) {
        for (Path file : files(directories)) {
            try {
                if (Files.exists(file) && read(file).isEmpty()) {
                    Path kept = file.resolveSibling(file.getFileName() + DAMAGED);
                    Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    LOG.warn("{} was damaged and is restored; the damaged one is {}", file, kept);
                }
                if (!Files.exists(file)) {
                    write(file, RootKeyForm.encode(key));
                }
            } catch (IOException fault) {
                throw new UncheckedIOException("the root credentials cannot be written to " + file, fault);
            }
        }
    }

    /** A new file with mode 0600, synced, renamed into place. */
    private static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
