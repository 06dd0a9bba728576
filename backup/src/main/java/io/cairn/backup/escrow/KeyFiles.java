package io.cairn.backup.escrow;

import io.cairn.backup.SourceFault;
import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.EscrowedKey;
import io.cairn.repository.store.RepositoryFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Files of keys, into a recovery point and out of one. Stateless. */
public final class KeyFiles {
    private static final int SIZE_MAX = 1 << 20;

    private KeyFiles() {}

    /** A file of a key. {@code required}: a run fails when it is not there. */
    public record KeyFile(Path path, String says, boolean required) {}

    /** Reads them; two files of one name are told apart by a number. */
    public static List<EscrowedKey> read(List<KeyFile> files) {
        Map<String, EscrowedKey> keys = new LinkedHashMap<>();
        for (KeyFile file : files) {
            try {
                if (Files.size(file.path()) > SIZE_MAX) {
                    throw new SourceFault.Refused(file.path() + " is too large for a file of keys (1 MiB)");
                }
                String name = name(file.path());
                String free = name;
                for (int i = 2; keys.containsKey(free); i++) {
                    free = name + "." + i;
                }
                keys.put(free, new EscrowedKey(free, file.says(), Files.readAllBytes(file.path())));
            } catch (NoSuchFileException none) {
                if (file.required()) {
                    throw new SourceFault.Refused("there is no file of keys " + file.path()
                            + ": a recovery point without it could not be recovered from");
                }
            } catch (IOException unreadable) {
                throw new SourceFault.Refused("the keys in " + file.path() + " cannot be read by this user ("
                        + unreadable.getClass().getSimpleName() + "); there is no recovery point without them");
            }
        }
        return new ArrayList<>(keys.values());
    }

    private static String name(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]+", "-");
        return name.matches("[a-z].*") ? name : "key-" + name.replaceAll("^[.-]+", "");
    }

    /** Writes the keys of a point into a directory, readable by this user only, over nothing that is there. */
    public static List<Path> export(Catalogue catalogue, Catalogue.Entry entry, Path directory) {
        List<Path> written = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            for (String name : entry.point().keys().keySet().stream().sorted().toList()) {
                byte[] content = catalogue.content(entry, "keys/" + name);
                Path file = directory.resolve(name);
                write(file, content);
                java.util.Arrays.fill(content, (byte) 0);
                written.add(file);
            }
            return written;
        } catch (FileAlreadyExistsException there) {
            throw new RepositoryFault.Refused(there.getFile() + " is there already; give an empty directory");
        } catch (IOException failed) {
            throw new RepositoryFault.Source("cannot write keys to " + directory + ": " + failed.getMessage(), failed);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (channel instanceof FileChannel written) {
                written.force(true);
            }
        }
    }
}
