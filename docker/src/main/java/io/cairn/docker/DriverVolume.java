package io.cairn.docker;

import java.util.Map;

/**
 * A volume as Docker is told of it.
 *
 * @param mountpoint where it is mounted, or will be: the same for the whole of its life
 * @param createdAt RFC 3339
 * @param status shown by {@code docker volume inspect}: strings, numbers, truths, lists and maps of such
 */
record DriverVolume(String name, String mountpoint, String createdAt, Map<String, Object> status) {
    DriverVolume {
        status = Map.copyOf(status);
    }
}
