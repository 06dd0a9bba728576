package io.cairn.host;

import io.cairn.base.ByteCount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** LUKS2 containers. Open ones are device-mapper devices, which the kernel forgets at a reboot. */
public interface Encryption {
    /** What came of opening a container. */
    sealed interface Unlock {
        record Unlocked(BlockDevice device) implements Unlock {}

        /** No key slot takes this key. */
        record WrongKey() implements Unlock {}
    }

    /** An open container: its name, its decrypted device, and the device that it lies on. */
    record Mapping(String name, BlockDevice device, DeviceNumber below) {}

    /** Whether containers can be opened here; formatting and keys need only the program. */
    Support support();

    /** How much of the container is not the volume's: an image must be larger by this. */
    ByteCount headerSize();

    /** Makes a container with one key, on an empty image file or device; durable after return. */
    void format(Path container, KeyMaterial key);

    /** Opens the container under {@code name}; one that is open under this name already is returned. */
    Unlock open(Path container, String name, KeyMaterial key);

    /** Closes it; one that is not open is no error. */
    void close(String name);

    /** Makes an open container as large as the device that it lies on is now. */
    void resize(String name, KeyMaterial key);

    /** Adds a key; false when {@code existing} is not one. Redoable: a key that is there is not added again. */
    boolean addKey(Path container, KeyMaterial existing, KeyMaterial added);

    /** Removes a key, never the last one; a key that is not there is no error. */
    void removeKey(Path container, KeyMaterial key);

    /** True when the key opens the container. */
    boolean test(Path container, KeyMaterial key);

    /**
     * Gives the container a new volume key, under which all of it is written again: what somebody copied of the old one
     * opens nothing any more. {@code openName} is the name that it is open under, and it stays usable; nobody may have
     * it open when it is empty. Takes as long as reading and writing every block; redoable: what a crash interrupted
     * goes on. A sparse image is filled.
     */
    void reencrypt(Path container, Optional<String> openName, KeyMaterial key);

    /** Every open LUKS container of this host, ours or not. */
    List<Mapping> opened();
}
