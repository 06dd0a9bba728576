package io.cairn.console;

import io.cairn.volumes.PoolStatus;
import io.cairn.volumes.Volumes;
import java.util.ArrayList;
import java.util.List;

/** What stands against the volumes of this host at a glance: pools that cannot be used or have no room. Stateless. */
public final class VolumesHealth {
    private VolumesHealth() {}

    /** One sentence per problem; none when all is well. */
    public static List<String> problems(Volumes volumes) {
        List<String> problems = new ArrayList<>();
        for (PoolStatus pool : volumes.pools()) {
            String name = "pool " + pool.name() + " at " + pool.directory();
            if (!pool.problem().isEmpty()) {
                problems.add(name + ": " + pool.problem());
            }
            switch (pool.level()) {
                case OK, LOW -> {}
                case CRITICAL -> problems.add(name + " has very little room left: " + pool.available());
                case EXHAUSTED ->
                    problems.add(name + " is full, and writers of thin volumes are held off: enlarge it,"
                            + " or delete snapshots or volumes");
            }
        }
        return problems;
    }
}
