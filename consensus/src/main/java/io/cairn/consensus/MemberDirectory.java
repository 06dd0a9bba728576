package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.base.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The directory of one running member: that it still is the one that was opened, and that the names in its log
 * directory are durable. Ratis syncs its files but never the directories they are created and renamed in;
 * {@link #settle} closes that gap before anything is acknowledged. Safe for use by many threads.
 */
final class MemberDirectory {
    /** A directory changed more recently than this may change again without a change of its time stamp. */
    private static final long TIMESTAMP_GRAIN_MILLIS = 100;

    private final RatisMember member;
    private final Identity identity;
    private final Clock clock;
    private final Path identityFile;
    private final Object identityKey;
    private FileTime settled = FileTime.fromMillis(-1);
    private boolean anchored;

    MemberDirectory(RatisMember member, Identity identity, Clock clock) throws IOException {
        this.member = member;
        this.identity = identity;
        this.clock = clock;
        identityFile = member.directory().resolve(Identity.FILE);
        identityKey = key();
    }

    RatisMember member() {
        return member;
    }

    Identity identity() {
        return identity;
    }

    Path root() {
        return member.directory();
    }

    Path raft() {
        return root().resolve("raft");
    }

    /** Where Ratis keeps the segments, the vote and the configuration of the group. */
    Path log() {
        return log(member, identity.group());
    }

    static Path log(RatisMember member, UUID group) {
        return member.directory().resolve("raft").resolve(group.toString()).resolve("current");
    }

    /** Where checkpoints for other members are made, and where those from others arrive. */
    Path checkpoints() {
        return root().resolve("checkpoints");
    }

    /** Reads the identity of a directory, and puts its two files right; empty when there is none. */
    static Optional<Identity> identity(RatisMember member) throws IOException {
        return Identity.files(member.directory()).mended();
    }

    static void store(RatisMember member, Identity identity) throws IOException {
        Checks.check(identity.name().equals(member.name()), "the identity is the member's own");
        DurableFiles.createDirectories(member.directory());
        // The directory may have been made a moment ago by somebody who did not sync its name.
        DurableFiles.syncDirectory(Objects.requireNonNull(
                member.directory().toAbsolutePath().getParent(), "a member's directory is on a drive"));
        Identity.files(member.directory()).write(identity.encode());
    }

    /** Whether the path still leads to the directory that was opened: not removed, not unmounted, not replaced. */
    void checkPresent() throws IOException {
        if (!key().equals(identityKey)) {
            throw new IOException("the directory " + root() + " is not the one that was opened: its file "
                    + Identity.FILE + " was replaced");
        }
    }

    private Object key() throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(member.directory(), BasicFileAttributes.class);
            Files.readAttributes(identityFile, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "the directory " + root() + " is gone, or its file " + Identity.FILE + " is (removed or unmounted)",
                    e);
        }
        return Objects.requireNonNull(attributes.fileKey(), "the file system gives no inode numbers");
    }

    /** Makes the names of the log's files durable, and fails when the directory is not there any more. */
    synchronized void settle() throws IOException {
        checkPresent();
        anchor();
        long now = clock.now().toEpochMilli();
        FileTime changed = Files.getLastModifiedTime(log());
        if (!changed.equals(settled)) {
            DurableFiles.syncDirectory(log());
            if (now - changed.toMillis() > TIMESTAMP_GRAIN_MILLIS) {
                settled = changed;
            }
        }
    }

    /** Makes the way from the member's directory down to its log durable, which Ratis made and did not sync. */
    private void anchor() throws IOException {
        if (!anchored) {
            DurableFiles.syncDirectory(raft().resolve(identity.group().toString()));
            DurableFiles.syncDirectory(raft());
            DurableFiles.syncDirectory(root());
            anchored = true;
        }
    }
}
