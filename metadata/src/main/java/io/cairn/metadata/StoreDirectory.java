package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that a member's metadata lives in: databases {@code store-N} and the file {@code CURRENT-STORE} that
 * names the one that counts. A whole state is replaced by renaming that file. For one owner.
 */
final class StoreDirectory {
    private static final String CURRENT = "CURRENT-STORE";
    private static final String STORE = "store-";
    private static final String NAME = STORE + "\\d{1,18}";
    private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);

    private final Path root;

    StoreDirectory(Path root) {
        this.root = root;
        attempt("make", () -> {
            Files.createDirectories(root);
            Path parent = root.toAbsolutePath().getParent();
            if (parent != null) {
                sync(parent);
            }
            return root;
        });
    }

    /** The database that counts, if one was ever finished here. */
    Optional<Path> current() {
        return attempt("read", () -> {
            Path file = root.resolve(CURRENT);
            if (!Files.exists(file)) {
                return anyTables() ? Optional.of(only(file + " is missing")) : Optional.empty();
            }
            String name = new String(Files.readAllBytes(file), ISO_8859_1).strip();
            Path store = root.resolve(name.matches(NAME) ? name : STORE);
            return Optional.of(Files.isDirectory(store) ? store : only(file + " names no store that is here"));
        });
    }

    /** The only store, whatever the file says: every other one is removed as soon as one counts. */
    private Path only(String why) throws IOException {
        List<Path> stores = stores();
        if (stores.size() != 1) {
            throw new CorruptFault(why + ", and of " + stores + " nobody can tell which one counts; keep the"
                    + " directory, and let this member be restored from another one, or run 'cairn salvage'");
        }
        LOG.warn("{}; it is written anew for {}, the only store there is", why, stores.getFirst());
        point(stores.getFirst());
        return stores.getFirst();
    }

    private boolean anyTables() throws IOException {
        for (Path store : stores()) {
            if (!list(store, ".sst").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Where the very first database goes. */
    Path first() {
        Path store = root.resolve(STORE + "1");
        return attempt("read", () -> {
            if (stores().stream().anyMatch(other -> !other.equals(store))) {
                throw new CorruptFault(
                        root + " holds " + stores() + ", but its file " + CURRENT + " is missing; keep the"
                                + " directory, let this member be restored from another one, or run 'cairn salvage'");
            }
            Files.createDirectories(store);
            sync(root);
            return store;
        });
    }

    /**
     * Copies a checkpoint beside the database in use; it does not count yet. Tables are linked, since they never
     * change.
     */
    Path copyIn(Path checkpoint) {
        return attempt("restore", () -> {
            Path target = root.resolve(STORE + (highest() + 1));
            Files.createDirectory(target);
            for (Path file : list(checkpoint, "")) {
                copy(file, target.resolve(file.getFileName()));
            }
            sync(target);
            sync(root);
            return target;
        });
    }

    /** From its rename on this is the database that counts, also after a crash. */
    void point(Path store) {
        attempt("restore", () -> {
            Path next = root.resolve(CURRENT + ".new");
            Files.writeString(next, store.getFileName() + "\n", US_ASCII);
            sync(next);
            Files.move(next, root.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
            sync(root);
            return store;
        });
    }

    /** Removes databases that do not count: what a restore left behind, before or after its rename. */
    void removeAllBut(Path kept) {
        attempt("tidy", () -> {
            for (Path store : stores()) {
                if (!store.equals(kept)) {
                    remove(store);
                }
            }
            return kept;
        });
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void remove(Path directory) throws IOException {
        for (Path file : list(directory, "")) {
            if (Files.isDirectory(file)) {
                remove(file);
            } else {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    static <T> T attempt(String action, Action<T> body) {
        try {
            return body.run();
        } catch (IOException failure) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "cannot " + action + " a metadata directory: " + failure, failure);
        }
    }

    /** File work that may fail. */
    interface Action<T> {
        T run() throws IOException;
    }

    private static void copy(Path file, Path target) throws IOException {
        if (file.toString().endsWith(".sst")) {
            try {
                Files.createLink(target, file);
                return;
            } catch (IOException | UnsupportedOperationException otherFilesystem) {
                Files.deleteIfExists(target);
            }
        }
        Files.copy(file, target);
        sync(target);
    }

    private long highest() throws IOException {
        return stores().stream()
                .mapToLong(
                        store -> Long.parseLong(store.getFileName().toString().substring(STORE.length())))
                .max()
                .orElse(0);
    }

    private List<Path> stores() throws IOException {
        return list(root, "").stream()
                .filter(path -> path.getFileName().toString().matches(NAME))
                .toList();
    }

    private static List<Path> list(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
