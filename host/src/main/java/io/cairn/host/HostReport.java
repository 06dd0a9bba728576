package io.cairn.host;

import java.nio.file.Path;
import java.util.List;

/** What decides on this host how well volumes can work, for the operator. Reads only. */
@FunctionalInterface
public interface HostReport {
    /** A host of which nothing is said. */
    HostReport NONE = _ -> List.of();

    /** One thing that was looked at: how it is, and, where it is not well, what that costs and what to do. */
    record Fact(String subject, boolean well, String text) {}

    /** All facts of the host, and those of the disks below these directories. What cannot be read is a fact too. */
    List<Fact> facts(List<Path> pools);
}
