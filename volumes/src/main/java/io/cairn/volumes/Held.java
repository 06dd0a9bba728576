package io.cairn.volumes;

import java.nio.file.Path;

/** A volume that is mounted and has one more reference; {@code count} is how many this holder has now. */
public record Held(Path mountpoint, int count) {}
