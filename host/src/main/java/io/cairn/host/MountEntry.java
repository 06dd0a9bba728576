package io.cairn.host;

import java.nio.file.Path;
import java.util.List;

/**
 * One mount of a namespace, a line of {@code mountinfo}. {@code root} is the directory of the filesystem that is seen
 * at {@code target} ("/" but for bind mounts and subvolumes). {@code tags} are the propagation: {@code shared:1}.
 */
public record MountEntry(
        int id,
        int parent,
        DeviceNumber device,
        String root,
        Path target,
        List<String> options,
        List<String> tags,
        String type,
        String source,
        List<String> superOptions) {
    public MountEntry {
        options = List.copyOf(options);
        tags = List.copyOf(tags);
        superOptions = List.copyOf(superOptions);
    }

    /** True when what is mounted below this mount is seen in the peers of its group. */
    public boolean shared() {
        return tags.stream().anyMatch(tag -> tag.startsWith("shared:"));
    }
}
