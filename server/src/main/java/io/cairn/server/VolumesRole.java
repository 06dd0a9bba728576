package io.cairn.server;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.console.AdminAuthentication;
import io.cairn.console.VolumeApi;
import io.cairn.console.VolumeMetrics;
import io.cairn.console.VolumesAdminHandler;
import io.cairn.console.VolumesHealth;
import io.cairn.docker.VolumePlugin;
import io.cairn.host.Host;
import io.cairn.host.HostFault;
import io.cairn.host.Throttle;
import io.cairn.http.Endpoint;
import io.cairn.http.HttpServer;
import io.cairn.http.HttpServerOptions;
import io.cairn.http.ProtocolErrorRenderer;
import io.cairn.volumes.Volumes;
import io.cairn.volumes.VolumesFault;
import io.cairn.volumes.VolumesOptions;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.keys.KeySource;
import io.cairn.volumes.spec.VolumesConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role {@code volumes}: the registry, the driver on Docker's socket, and the control socket. Both sockets are
 * claimed before the registry is opened, so that no two daemons touch one host's volumes. Closing leaves volumes that
 * are held mounted. Thread-safe.
 */
final class VolumesRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumesRole.class);
    private static final String LEAK_AGE = "cairn.volumes.leakAgeSeconds";
    private static final String MOUNTS = "mnt";
    private static final String KEY_FILE = "master.key";

    private final VolumesSetup setup;
    private final KeyProvider keys;
    private final Throttle throttle;
    private final Volumes volumes;
    private final VolumePlugin plugin;
    private final HttpServer docker;
    private final HttpServer control;
    private final Optional<HttpServer> admin;

    private VolumesRole(NodeOptions options, VolumesSetup setup, String version, Deque<AutoCloseable> opened) {
        this.setup = setup;
        Clock clock = Clock.system();
        Entropy entropy = Entropy.secure();
        long begun = clock.nanos();
        Listener dockerListener = push(opened, Listener.begin("docker", VolumePlugin.listenOn(setup.dockerSocket())));
        Listener controlListener = push(opened, Listener.begin("control", ownersOnly(setup.control())));
        Optional<Listener> adminListener = setup.adminAlone()
                ? Optional.of(push(opened, Listener.begin("admin", options.tcp(options.admin()))))
                : Optional.empty();
        dockerListener.awaitBound();
        controlListener.awaitBound();
        VolumesConfig config = config(setup);
        keys = push(opened, keySource(config).open(clock, entropy));
        Path mounts = config.mounts().orElse(setup.pool().resolve(MOUNTS));
        VolumesOptions core =
                new VolumesOptions(setup.state(), mounts, config, VolumesOptions.PATIENCE_DEFAULT, leakAge());
        Host host = HostPorts.open(config.containerGroups(), clock, opened);
        throttle = host.throttle();
        volumes = push(opened, Volumes.open(core, host, keys, clock, entropy));
        plugin = VolumePlugin.of(volumes, clock);
        control = controlListener.serve(
                new VolumeApi(volumes, keys, clock, this::metrics), ProtocolErrorRenderer.plainText());
        docker = dockerListener.serve(plugin, ProtocolErrorRenderer.plainText());
        admin = adminListener.map(listener -> listener.serve(
                new VolumesAdminHandler(
                        volumes, version, this::metrics, authentication(options, setup, clock, entropy)),
                ProtocolErrorRenderer.plainText()));
        LOG.info(
                "volumes after {} ms: driver on {}, control on {}",
                (clock.nanos() - begun) / 1_000_000,
                setup.dockerSocket(),
                setup.control());
    }

    /**
     * Opens the volumes and answers on the sockets. What stands against it is a {@link StartFault}, and closes what was
     * opened until then.
     */
    static VolumesRole start(NodeOptions options, VolumesSetup setup, String version) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        boolean started = false;
        try {
            VolumesRole role = new VolumesRole(options, setup, version, opened);
            started = true;
            return role;
        } catch (HostFault | VolumesFault | KeyFault fault) {
            throw new StartFault(String.valueOf(fault.getMessage()), fault);
        } finally {
            if (!started) {
                opened.forEach(Node::closeQuietly);
            }
        }
    }

    private static <T extends AutoCloseable> T push(Deque<AutoCloseable> opened, T part) {
        opened.push(part);
        return part;
    }

    private static VolumesConfig config(VolumesSetup setup) {
        try {
            return setup.config()
                    .map(file -> VolumesConfig.read(file, setup.pool()))
                    .orElseGet(() -> VolumesConfig.shipped(setup.pool()));
        } catch (IllegalArgumentException refused) {
            throw new StartFault(String.valueOf(refused.getMessage()), refused);
        }
    }

    private KeySource keySource(VolumesConfig config) {
        try {
            return config.keys().isEmpty()
                    ? new KeySource.KeyFile(setup.state().resolve(KEY_FILE))
                    : KeySource.of(config.keys());
        } catch (IllegalArgumentException refused) {
            throw new StartFault(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static HttpServerOptions ownersOnly(Path socket) {
        return HttpServerOptions.unix(new Endpoint.Unix(socket, PosixFilePermissions.fromString("rw-------")));
    }

    /** A node without a store has one key, the root key, beside the state of its volumes. */
    private static AdminAuthentication authentication(
            NodeOptions options, VolumesSetup setup, Clock clock, Entropy entropy) {
        RootKey root = options.rootKey().orElseGet(() -> RootKeyFile.findOrMake(List.of(setup.state()), entropy));
        return new AdminAuthentication(
                root.accessKey(),
                key -> key.equals(root.accessKey()) ? Optional.of(root.secretKey()) : Optional.empty(),
                clock);
    }

    /** Tests of what clients leave behind cannot wait for minutes. */
    private static Duration leakAge() {
        return Duration.ofSeconds(Long.getLong(LEAK_AGE, VolumesOptions.LEAK_AGE_DEFAULT.toSeconds()));
    }

    VolumesSetup setup() {
        return setup;
    }

    /** The address of the admin listener, where this role has one of its own. */
    Optional<InetSocketAddress> admin() {
        return admin.map(HttpServer::address);
    }

    /** What the role adds to the metrics page. */
    String metrics() {
        return VolumeMetrics.render(volumes)
                + PluginMetrics.render(plugin.stats())
                + HttpMetrics.render(docker.stats(), "docker")
                + HttpMetrics.render(control.stats(), "control");
    }

    /** What stands against the volumes, one sentence each. */
    List<String> problems() {
        return VolumesHealth.problems(volumes);
    }

    /** Finishes what was accepted; what is mounted and held stays so. */
    @Override
    public void close() {
        docker.close();
        control.close();
        admin.ifPresent(HttpServer::close);
        volumes.close();
        throttle.close();
        keys.close();
    }
}
