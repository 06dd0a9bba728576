package io.cairn.engine;

import io.cairn.model.DriveSpace;
import io.cairn.model.Placement;
import java.util.Optional;

/** A drive as people see it: its place in the map, its figures when it is open, and what is wrong with it. */
public record DriveView(Placement.Drive drive, Optional<DriveSpace> space, Optional<String> trouble) {}
