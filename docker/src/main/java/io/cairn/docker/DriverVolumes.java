package io.cairn.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The port to the volumes behind the protocol. A call that cannot be done, for whatever reason, throws
 * {@link PluginRefusal}. Safe for many threads.
 */
interface DriverVolumes {
    /** The volume with its status, quickly: Docker asks before everything it does. */
    Optional<DriverVolume> find(String name);

    /** The stable mountpoint of the volume. */
    Optional<String> mountpoint(String name);

    /** All volumes, without their status. */
    List<DriverVolume> list();

    /** Done already when the volume is there with these options. */
    void create(String name, Map<String, String> options);

    void remove(String name);

    /** Adds a reference of the holder, durable when this returns, and returns the mountpoint. */
    String mount(String name, String holder);

    /** Takes one reference of the holder away; none there is no error. */
    void unmount(String name, String holder);
}
