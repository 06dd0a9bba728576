package io.cairn.host.cgroup;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** How the rules of a group are read and written. Stateless. */
sealed interface RuleFiles permits BlkioFiles, IoMaxFile {
    /** Every rule of the group, by device. */
    Map<DeviceNumber, Limits> read(Path group) throws IOException;

    /** Puts this in place of the group's rule for the device; {@link Limits#NONE} takes it away. */
    void write(Path group, DeviceNumber device, Limits limits) throws IOException;
}
