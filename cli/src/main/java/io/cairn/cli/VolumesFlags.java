package io.cairn.cli;

import io.cairn.server.Role;
import io.cairn.server.VolumesSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code cairn start} that are about volumes. One thread. */
final class VolumesFlags {
    @Option(
            names = "--docker-socket",
            paramLabel = "PATH",
            description = "Socket of Docker's volume driver; its name is the driver's."
                    + " Default: /run/docker/plugins/cairn.sock")
    private Path dockerSocket = VolumesSetup.DOCKER_SOCKET_DEFAULT;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "Socket of `cairn volume`. Default: /run/cairn/cairn.sock")
    private Path control = VolumesSetup.CONTROL_DEFAULT;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Pools, storage classes and keys of volumes, in TOML (docs/volumes.md)")
    private Optional<Path> config = Optional.empty();

    /** Whether volumes could be served here at all. */
    static boolean possible() {
        try {
            return Role.VOLUMES.available()
                    && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    /** How the role is run with its data below a directory. */
    VolumesSetup setup(Path data, boolean required, boolean adminAlone) {
        return new VolumesSetup(
                data.resolve("volumes-state"),
                data.resolve("volumes"),
                control,
                dockerSocket,
                config,
                required,
                adminAlone);
    }
}
