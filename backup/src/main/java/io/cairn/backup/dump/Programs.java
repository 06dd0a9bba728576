package io.cairn.backup.dump;

import java.util.List;

/** PostgreSQL's programs in one place: of one version here, or those in a container. */
interface Programs {
    /** Starts {@code pg_dump} and the like with these arguments, besides those that say which server. */
    Program start(String name, List<String> arguments);

    /** The major version that they are of. */
    int version();

    /** Where they are, for people. */
    String place();
}
