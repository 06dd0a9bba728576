package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.model.ReplicatedState;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints that a member sends to others and receives from them. One to send is a directory {@code out-N} with
 * the {@link SnapshotMark} and the state's files; Ratis carries its files and puts the received copy in the place of
 * the whole directory. Nothing here survives a restart. Guarded by its owner, the state machine.
 */
final class Checkpoints {
    /** Two others can lag at once; one more may be half sent. */
    private static final int KEPT = 3;

    private final Path directory;
    private final Path incoming;
    private final Deque<Path> sent = new ArrayDeque<>();
    private int next;

    /** A checkpoint that can be sent. */
    record Made(SnapshotMark mark, List<FileInfo> files) {
        Made {
            files = List.copyOf(files);
        }
    }

    Checkpoints(Path directory) throws IOException {
        this.directory = directory;
        incoming = directory.resolveSibling("checkpoints.incoming");
        DurableFiles.deleteTree(directory);
        DurableFiles.deleteTree(incoming);
    }

    Made make(ReplicatedState state, SnapshotMark mark) throws IOException {
        while (sent.size() >= KEPT) {
            DurableFiles.deleteTree(sent.removeFirst());
        }
        Path target = directory.resolve("out-" + next++);
        Path content = target.resolve("state");
        Files.createDirectories(content);
        long applied = state.checkpoint(content);
        Checks.check(applied >= mark.index(), "a checkpoint holds what was applied: %s, %s", applied, mark.index());
        mark.storeIn(target);
        sent.addLast(target);
        List<FileInfo> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(target)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.add(info(file));
            }
        }
        return new Made(mark, files);
    }

    @SuppressWarnings("NullAway") // Ratis computes the digest while it reads the file when none is given.
    private static FileInfo info(Path file) {
        return new FileInfo(file, null);
    }

    /** Makes the one checkpoint that was received the state, and tells up to where it reaches. */
    SnapshotMark restore(ReplicatedState state) throws IOException {
        List<Path> received = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "out-*")) {
            found.forEach(received::add);
        }
        Checks.check(received.size() == 1, "one checkpoint was received: %s", received);
        Path source = received.getFirst();
        dropDigests(source);
        DurableFiles.syncTree(source);
        SnapshotMark mark = SnapshotMark.loadFrom(source);
        Checks.check(mark.index() >= 0, "a checkpoint has a mark");
        state.restore(source.resolve("state"));
        Checks.check(state.appliedIndex() >= mark.index(), "a restored state holds its checkpoint");
        sent.clear();
        DurableFiles.deleteTree(directory);
        return mark;
    }

    /** Ratis leaves a digest beside each file it received; they are none of the state's. */
    private static void dropDigests(Path source) throws IOException {
        try (Stream<Path> found = Files.walk(source)) {
            for (Path digest :
                    found.filter(file -> file.toString().endsWith(".md5")).toList()) {
                Path of = digest.resolveSibling(digest.getFileName().toString().replaceFirst("\\.md5$", ""));
                if (Files.exists(of)) {
                    Files.delete(digest);
                }
            }
        }
    }

    /** Frees what was sent. */
    void prune() throws IOException {
        while (!sent.isEmpty()) {
            DurableFiles.deleteTree(sent.removeFirst());
        }
    }

    StateMachineStorage storage(Supplier<@Nullable SnapshotInfo> latest) {
        return new Storage(latest, directory, incoming);
    }

    private record Storage(Supplier<@Nullable SnapshotInfo> latest, Path directory, Path incoming)
            implements StateMachineStorage {
        @Override
        public void init(RaftStorage storage) {
            // The directories are made when they are needed.
        }

        @Override
        public @Nullable SnapshotInfo getLatestSnapshot() {
            return latest.get();
        }

        @Override
        public void format() {
            // The state has its own directory.
        }

        @Override
        public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {
            // Sent checkpoints are freed by prune().
        }

        @Override
        public File getSnapshotDir() {
            return directory.toFile();
        }

        @Override
        public File getTmpDir() {
            return incoming.toFile();
        }
    }
}
