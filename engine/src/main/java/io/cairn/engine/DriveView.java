package io.cairn.engine;

import io.cairn.model.DriveSpace;
import io.cairn.model.Placement;
import java.util.Optional;

/**
 * A drive as people see it: its place in the map, its figures when it is open, what is wrong with it, and what was
 * wrong with it when it was opened and has been put right.
 */
public record DriveView(
        Placement.Drive drive, Optional<DriveSpace> space, Optional<String> trouble, Optional<String> mended) {}
