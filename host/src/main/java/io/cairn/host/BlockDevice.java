package io.cairn.host;

import java.nio.file.Path;

/** A block device: its node under {@code /dev}, and the number that mounts and limits are kept by. */
public record BlockDevice(Path node, DeviceNumber number) {}
