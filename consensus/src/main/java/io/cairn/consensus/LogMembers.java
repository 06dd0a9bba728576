package io.cairn.consensus;

import io.cairn.model.DriveFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the directory of a log member remembers of the log, for whoever has to find the members' directories. */
public final class LogMembers {
    private LogMembers() {}

    /** The names of all members as the directory last knew them; none when it does not belong to a member. */
    public static List<String> recorded(Path directory) {
        try {
            return Identity.files(directory).read().stream()
                    .flatMap(identity -> identity.peers().stream())
                    .map(Identity.Peer::name)
                    .toList();
        } catch (IOException e) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "cannot read the log member in " + directory + ": " + e.getMessage(), e);
        }
    }
}
