package io.cairn.cli;

import io.cairn.http.TlsFiles;
import io.cairn.model.Redundancy;
import io.cairn.model.StorageFault;
import io.cairn.server.BackupSetup;
import io.cairn.server.Node;
import io.cairn.server.NodeOptions;
import io.cairn.server.Role;
import io.cairn.server.RootKey;
import io.cairn.server.RootKeyFile;
import io.cairn.server.StartFault;
import io.cairn.server.VolumesSetup;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cairn start}: runs the daemon until it is told to stop. One thread; the daemon has its own. */
@Command(
        name = "start",
        description = "Starts the daemon; at the first start it makes the store and its root key.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Start implements Callable<Integer> {
    private static final int S3_PORT = 9000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A data directory; one per drive, may be repeated. Default: ./cairn-data")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "S3 listener. Default: 127.0.0.1:9000")
    private String listen = "127.0.0.1:" + S3_PORT;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Admin listener: health, metrics, key API. Default: the port after --listen")
    private String admin = "";

    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "ROLE",
            description = "store, volumes, backup, monitor. Default: store, and volumes when run by root on Linux")
    private List<String> roles = new ArrayList<>();

    @Mixin
    private VolumesFlags volumes;

    @Option(
            names = "--policies",
            paramLabel = "DIR",
            description = "Backup policies in TOML (docs/backup.md), for the role backup")
    private Optional<Path> policies = Optional.empty();

    @Option(
            names = "--redundancy",
            paramLabel = "HOW",
            description = "copies:N or ec:K+M, chosen at the first start. Default: copies:N, one per drive up to 3")
    private String redundancy = "";

    @Option(names = "--region", paramLabel = "NAME", description = "Region that is reported. Default: us-east-1")
    private String region = "us-east-1";

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            description = "Base domain for bucket.NAME addressing; may be repeated. Default: localhost")
    private List<String> domains = new ArrayList<>();

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "PEM certificate chain for both listeners")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM private key of the certificate")
    private Optional<Path> key = Optional.empty();

    @Option(names = "--insecure-http", description = "Allow plain HTTP on other addresses than loopback")
    private boolean insecureHttp;

    /** Whether the arguments of the program may ask for a store; false only when its roles leave it out. */
    static boolean mayHaveStore(String... arguments) {
        String roles = "store";
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--roles=")) {
                roles = arguments[i].substring("--roles=".length());
            } else if (arguments[i].equals("--roles") && i + 1 < arguments.length) {
                roles = arguments[i + 1];
            }
        }
        return roles.toLowerCase(Locale.ROOT).contains("store");
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            Node node = Node.start(options(System.getenv()), Version.number());
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                node.close();
                                stopped.countDown();
                                // Told to stop and everything finished is success, not 128 + 15.
                                Runtime.getRuntime().halt(0);
                            },
                            "cairn-stop"));
            Greeting.print(out, node, data(), certificate.isPresent());
            stopped.await();
            return 0;
        } catch (StartFault | StorageFault | java.io.UncheckedIOException fault) {
            err.println("cairn start: " + fault.getMessage());
            return 1;
        }
    }

    NodeOptions options(Map<String, String> environment) {
        InetSocketAddress s3 = address("--listen", listen);
        String adminText = admin.isEmpty() ? s3.getHostString() + ":" + nextPort(s3.getPort()) : admin;
        Set<Role> chosen = roles();
        return new NodeOptions(
                data(),
                s3,
                address("--admin", adminText),
                chosen,
                tls(),
                insecureHttp,
                domains.isEmpty() ? List.of("localhost") : domains,
                region,
                redundancy.isEmpty() ? Optional.empty() : Optional.of(parsed(redundancy)),
                RootKey.in(environment),
                chosen.contains(Role.VOLUMES) ? Optional.of(volumes(chosen)) : Optional.empty(),
                chosen.contains(Role.BACKUP) ? Optional.of(backup()) : Optional.empty());
    }

    private BackupSetup backup() {
        Path first = data().getFirst();
        return new BackupSetup(
                policies.orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "the role backup needs --policies DIR, with its policies in TOML")),
                first.resolve("backup-state"),
                List.of(
                        first.resolve("volumes-state").resolve("master.key"),
                        first.resolve(RootKeyFile.NAME),
                        first.resolve("volumes-state").resolve(RootKeyFile.NAME)));
    }

    /** Volumes that nobody asked for must not keep a store from starting. */
    private VolumesSetup volumes(Set<Role> chosen) {
        boolean alone = !chosen.contains(Role.STORE);
        return volumes.setup(data().getFirst(), !roles.isEmpty(), alone && !admin.isEmpty());
    }

    private List<Path> data() {
        return data.isEmpty() ? List.of(Path.of("cairn-data")) : data;
    }

    /** Port 0 asks for any free port, for both listeners. */
    private static int nextPort(int port) {
        return port == 0 ? 0 : port + 1;
    }

    private Redundancy parsed(String text) {
        try {
            return Redundancy.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new ParameterException(spec.commandLine(), "--redundancy: " + malformed.getMessage(), malformed);
        }
    }

    private Set<Role> roles() {
        if (roles.isEmpty()) {
            return VolumesFlags.possible() ? EnumSet.of(Role.STORE, Role.VOLUMES) : EnumSet.of(Role.STORE);
        }
        EnumSet<Role> chosen = EnumSet.noneOf(Role.class);
        for (String name : roles) {
            try {
                chosen.add(Role.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--roles: no role '" + name + "'; there are store, volumes, backup, monitor",
                        unknown);
            }
        }
        return chosen;
    }

    private InetSocketAddress address(String option, String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, colon).replace("[", "").replace("]", "");
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
            if (!address.isUnresolved() && !host.isEmpty()) {
                return address;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new ParameterException(spec.commandLine(), option + ": '" + text + "' is not HOST:PORT", malformed);
        }
        throw new ParameterException(spec.commandLine(), option + ": the host of '" + text + "' is not known");
    }

    private Optional<TlsFiles> tls() {
        if (certificate.isPresent() != key.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--tls-cert and --tls-key go together");
        }
        return certificate.flatMap(chain -> key.map(file -> new TlsFiles(chain, file)));
    }

    /** Where the generated root key of a data directory lies. */
    static Path rootKeyFile(Path directory) {
        return directory.resolve(RootKeyFile.NAME);
    }
}
