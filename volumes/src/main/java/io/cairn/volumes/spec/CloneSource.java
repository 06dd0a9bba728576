package io.cairn.volumes.spec;

import java.util.Map;
import java.util.Optional;

/** What a volume is made a copy of: {@code volume}, or {@code volume@snapshot}. */
public record CloneSource(VolumeName volume, Optional<SnapshotName> snapshot) {
    /** What the options name, if they do. */
    public static Optional<CloneSource> in(Map<String, String> options) {
        return Optional.ofNullable(options.get(VolumeOption.FROM.word())).map(CloneSource::parse);
    }

    /** True when the options name something to copy, well-formed or not. */
    public static boolean isIn(Map<String, String> options) {
        return options.containsKey(VolumeOption.FROM.word());
    }

    static CloneSource parse(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new CloneSource(new VolumeName(text), Optional.empty())
                : new CloneSource(
                        new VolumeName(text.substring(0, at)), Optional.of(new SnapshotName(text.substring(at + 1))));
    }

    @Override
    public String toString() {
        return volume + snapshot.map(name -> "@" + name).orElse("");
    }
}
