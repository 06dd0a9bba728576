package io.cairn.cli;

import io.cairn.server.Node;
import io.cairn.server.NodeOptions;
import io.cairn.server.Role;
import io.cairn.server.StartFault;
import io.cairn.server.VolumesSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A short life of a daemon of volumes alone, for the JVM to learn from: opens an empty pool, answers what Docker asks
 * when it starts, stops. It makes no volume, so that any user can build. One thread.
 */
final class VolumesRehearsal {
    private static final int ROUNDS = 50;

    private VolumesRehearsal() {}

    /** Everything below one directory. */
    static VolumesSetup setup(Path directory, boolean required) {
        return new VolumesSetup(
                directory.resolve("volumes-state"),
                directory.resolve("volumes"),
                directory.resolve("c"),
                directory.resolve("d"),
                Optional.empty(),
                required,
                false);
    }

    /** Lives through it; false when a call was not answered. A host that takes no volumes is no failure of a build. */
    static boolean live(Path directory) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        VolumesSetup setup = setup(directory, true);
        NodeOptions options = new NodeOptions(
                List.of(directory),
                any,
                any,
                Set.of(Role.VOLUMES),
                Optional.empty(),
                false,
                List.of("localhost"),
                "us-east-1",
                Optional.empty(),
                Optional.empty(),
                Optional.of(setup));
        try (Node _ = Node.start(options, Version.number())) {
            return calls(setup);
        } catch (StartFault refused) {
            System.err.println("no rehearsal of volumes: " + refused.getMessage());
            return true;
        }
    }

    private static boolean calls(VolumesSetup setup) throws IOException {
        boolean all = true;
        for (int i = 0; i < ROUNDS; i++) {
            all &= call(setup.dockerSocket(), "/Plugin.Activate", "");
            all &= call(setup.dockerSocket(), "/VolumeDriver.Capabilities", "{}");
            all &= call(setup.dockerSocket(), "/VolumeDriver.Get", "{\"Name\":\"rehearsal\"}");
            all &= call(setup.dockerSocket(), "/VolumeDriver.List", "{}");
            all &= call(setup.dockerSocket(), "/VolumeDriver.Create", "{\"Name\":\"r\",\"Opts\":{\"sise\":\"1G\"}}");
        }
        return all;
    }

    private static boolean call(Path socket, String target, String body) throws IOException {
        return UnixHttp.call(socket, "POST", target, body.getBytes(StandardCharsets.UTF_8))
                        .status()
                == 200;
    }
}
