package io.cairn.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the role {@code volumes} is run.
 *
 * @param state remembers pools and holds the master key; outside of every pool
 * @param pool the directory of the pool {@code default}, unless the configuration says otherwise
 * @param control the unix socket of {@code cairn volume}
 * @param dockerSocket the unix socket on which Docker finds its volume driver; its name is the driver's
 * @param config pools, classes and keys in TOML
 * @param required whether the node fails to start when the role cannot be run; else it says why and goes on
 * @param adminAlone whether health and metrics are served on the admin address although the node has no store
 */
public record VolumesSetup(
        Path state,
        Path pool,
        Path control,
        Path dockerSocket,
        Optional<Path> config,
        boolean required,
        boolean adminAlone) {
    public static final Path CONTROL_DEFAULT = Path.of("/run/cairn/cairn.sock");
    public static final Path DOCKER_SOCKET_DEFAULT = Path.of("/run/docker/plugins/cairn.sock");

    public VolumesSetup {
        state = state.toAbsolutePath().normalize();
        pool = pool.toAbsolutePath().normalize();
        control = control.toAbsolutePath().normalize();
        dockerSocket = dockerSocket.toAbsolutePath().normalize();
        config = config.map(file -> file.toAbsolutePath().normalize());
    }

    /** With everything of the role below the first data directory. */
    public static VolumesSetup below(Path data, Path control, Path dockerSocket) {
        return new VolumesSetup(
                data.resolve("volumes-state"),
                data.resolve("volumes"),
                control,
                dockerSocket,
                Optional.empty(),
                true,
                false);
    }
}
