package io.cairn.shards;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The identity of a drive on its disk: two files with the same bytes, of which one is enough. Layout:
 * {@code docs/formats/drive.md}. Stateless.
 */
final class IdentityFiles {
    private IdentityFiles() {}

    /** What the two files say together. */
    sealed interface Found {
        /** Neither is there. */
        record Nothing() implements Found {}

        /** At least one is sound. {@code missing} and {@code damaged} name the other. */
        record Known(DriveIdentity identity, List<String> missing, List<String> damaged) implements Found {
            public Known {
                missing = List.copyOf(missing);
                damaged = List.copyOf(damaged);
            }

            boolean whole() {
                return missing.isEmpty() && damaged.isEmpty();
            }
        }

        /** They cannot be relied on; the reason says why. */
        record Unreadable(String reason) implements Found {}
    }

    /** Reads both. Fails with {@link UnknownFormatException} when one is newer than this program. */
    static Found read(Disk disk) {
        List<DriveIdentity> sound = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        for (String name : List.of(DriveLayout.IDENTITY, DriveLayout.IDENTITY_COPY)) {
            if (disk.exists(name)) {
                identity(disk, name).ifPresentOrElse(sound::add, () -> damaged.add(name));
            } else {
                missing.add(name);
            }
        }
        if (sound.isEmpty()) {
            return damaged.isEmpty()
                    ? new Found.Nothing()
                    : new Found.Unreadable("its identity is damaged, in " + String.join(" and in ", damaged)
                            + (missing.isEmpty() ? "" : ", and " + missing.getFirst() + " is missing"));
        }
        if (!sound.stream().allMatch(sound.getFirst()::equals)) {
            return new Found.Unreadable(DriveLayout.IDENTITY + " says drive "
                    + sound.getFirst().id() + ", but " + DriveLayout.IDENTITY_COPY + " says drive "
                    + sound.getLast().id() + "; remove the one that does not belong here");
        }
        return new Found.Known(sound.getFirst(), missing, damaged);
    }

    /** A file that the disk cannot read is as good as one with wrong bytes. */
    private static Optional<DriveIdentity> identity(Disk disk, String name) {
        try {
            return SmallFile.read(disk, name).flatMap(DriveIdentity::decode);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Puts back what is missing or damaged, durably; damaged files are kept under another name. Only under the drive's
     * lock.
     *
     * @return what was wrong, in words; empty when nothing was but a copy that a drive of an earlier version never had
     */
    static Optional<String> mend(Disk disk, Found.Known found) throws IOException {
        for (String name : found.damaged()) {
            disk.rename(name, name + DriveLayout.DAMAGED);
        }
        List<String> unfit = new ArrayList<>(found.missing());
        unfit.addAll(found.damaged());
        for (String name : unfit) {
            SmallFile.replace(disk, name, found.identity().encode());
        }
        if (!found.damaged().isEmpty()) {
            return Optional.of("its file " + found.damaged().getFirst() + " was damaged and has been restored");
        }
        return found.missing().contains(DriveLayout.IDENTITY)
                ? Optional.of("its file " + DriveLayout.IDENTITY + " was missing and has been restored")
                : Optional.empty();
    }

    static void write(Disk disk, DriveIdentity identity) throws IOException {
        SmallFile.replace(disk, DriveLayout.IDENTITY, identity.encode());
        SmallFile.replace(disk, DriveLayout.IDENTITY_COPY, identity.encode());
    }
}
