package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;
import io.cairn.host.Limits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;

/** How a volume is mounted, from what was promised of it. Stateless. */
final class MountRules {
    /** Above so many operations per second, access times would be a good part of the writes. */
    static final long BUSY_IOPS = 1000;

    /** Above this size XFS tells programs to prefer large I/O. */
    static final ByteCount LARGE = ByteCount.gibibytes(100);

    private MountRules() {}

    static List<String> image(VolumeSource.Image image, Limits limits, Profile profile, List<String> given) {
        var words = new ArrayList<>(List.of("nosuid", "nodev"));
        // Discarding would give back what thick reserved.
        words.add(image.thick() ? "nodiscard" : "discard");
        words.addAll(profile.always());
        words.addAll(profile.on(image.filesystem()));
        if (busy(limits)) {
            words.addAll(List.of("noatime", "nodiratime"));
        }
        if (image.filesystem() == FilesystemKind.XFS && image.size().compareTo(LARGE) > 0) {
            words.add("largeio");
        }
        for (String word : given) {
            if (image.thick() && word.equals("discard")) {
                throw new IllegalArgumentException("discard would give back the room that thick=true reserves");
            }
        }
        words.addAll(given);
        return lastOfEach(words);
    }

    static List<String> device(String type, Limits limits, Profile profile, List<String> given) {
        var words = new ArrayList<>(List.of("nosuid", "nodev"));
        words.addAll(profile.always());
        for (FilesystemKind kind : FilesystemKind.values()) {
            if (kind.type().equals(type)) {
                words.addAll(profile.on(kind));
            }
        }
        if (busy(limits)) {
            words.addAll(List.of("noatime", "nodiratime"));
        }
        words.addAll(given);
        return lastOfEach(words);
    }

    /** As given, with what no volume may carry taken away. */
    static List<String> plain(List<String> given) {
        var words = new ArrayList<>(List.of("nosuid", "nodev"));
        words.addAll(given);
        return lastOfEach(words);
    }

    static boolean busy(Limits limits) {
        return above(limits.readIops()) || above(limits.writeIops());
    }

    private static boolean above(OptionalLong limit) {
        return limit.isPresent() && limit.getAsLong() > BUSY_IOPS;
    }

    /** Without repetitions: the last of each word counts, as for the kernel. */
    private static List<String> lastOfEach(List<String> words) {
        var seen = new LinkedHashSet<>(words.reversed());
        return List.copyOf(new ArrayList<>(seen).reversed());
    }
}
