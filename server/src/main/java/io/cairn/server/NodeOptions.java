package io.cairn.server;

import io.cairn.base.Checks;
import io.cairn.http.HttpServerOptions;
import io.cairn.http.TlsFiles;
import io.cairn.model.Redundancy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a node is started.
 *
 * @param data the directories, one per drive, absolute
 * @param listen the S3 listener
 * @param admin the admin listener
 * @param tls certificate and key for both listeners
 * @param plainHttpAnywhere whether plain HTTP may be served on other addresses than loopback
 * @param domains base domains for {@code bucket.domain} addressing
 * @param redundancy what to keep objects with, at the first start; by default as many copies as drives, up to three
 * @param rootKey the root key when the environment gives it; else the one in the data directory
 * @param volumes how the role {@code volumes} is run, when it is one of the roles
 * @param backup how the role {@code backup} is run, when it is one of the roles
 */
public record NodeOptions(
        List<Path> data,
        InetSocketAddress listen,
        InetSocketAddress admin,
        Set<Role> roles,
        Optional<TlsFiles> tls,
        boolean plainHttpAnywhere,
        List<String> domains,
        String region,
        Optional<Redundancy> redundancy,
        Optional<RootKey> rootKey,
        Optional<VolumesSetup> volumes,
        Optional<BackupSetup> backup) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,63}");
    private static final Pattern DOMAIN = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*");

    /** Without volumes. */
    public NodeOptions(
            List<Path> data,
            InetSocketAddress listen,
            InetSocketAddress admin,
            Set<Role> roles,
            Optional<TlsFiles> tls,
            boolean plainHttpAnywhere,
            List<String> domains,
            String region,
            Optional<Redundancy> redundancy,
            Optional<RootKey> rootKey) {
        this(
                data,
                listen,
                admin,
                roles,
                tls,
                plainHttpAnywhere,
                domains,
                region,
                redundancy,
                rootKey,
                Optional.empty(),
                Optional.empty());
    }

    /** Without backups. */
    public NodeOptions(
            List<Path> data,
            InetSocketAddress listen,
            InetSocketAddress admin,
            Set<Role> roles,
            Optional<TlsFiles> tls,
            boolean plainHttpAnywhere,
            List<String> domains,
            String region,
            Optional<Redundancy> redundancy,
            Optional<RootKey> rootKey,
            Optional<VolumesSetup> volumes) {
        this(
                data,
                listen,
                admin,
                roles,
                tls,
                plainHttpAnywhere,
                domains,
                region,
                redundancy,
                rootKey,
                volumes,
                Optional.empty());
    }

    public NodeOptions {
        data = data.stream().map(path -> path.toAbsolutePath().normalize()).toList();
        roles = Set.copyOf(roles);
        domains = List.copyOf(domains);
        if (data.isEmpty()) {
            throw new StartFault("no data directory was given");
        }
        if (data.stream().distinct().count() != data.size()) {
            throw new StartFault("a data directory was given twice: " + data);
        }
        requireApart(data);
        roles.stream().filter(role -> !role.available()).findFirst().ifPresent(role -> {
            throw new StartFault("the role " + role + " is not part of this version; it has: " + availableRoles());
        });
        if (roles.isEmpty()) {
            throw new StartFault("no role was given; there are: " + availableRoles());
        }
        Checks.check(
                roles.contains(Role.VOLUMES) == volumes.isPresent(), "the role volumes and how to run it, or neither");
        Checks.check(
                roles.contains(Role.BACKUP) == backup.isPresent(), "the role backup and how to run it, or neither");
        if (tls.isEmpty() && !plainHttpAnywhere) {
            requireLoopback(listen);
            requireLoopback(admin);
        }
        if (listen.getPort() != 0 && listen.equals(admin)) {
            throw new StartFault(
                    "--listen and --admin are the same address: " + listen.getHostString() + ":" + listen.getPort());
        }
        requireNames(region, domains);
        requireDrives(redundancy, data.size());
    }

    private static void requireNames(String region, List<String> domains) {
        if (!NAME.matcher(region).matches()) {
            throw new StartFault("--region: '" + region + "' is not a region; letters, digits and hyphens make one");
        }
        domains.stream()
                .filter(domain -> !DOMAIN.matcher(domain).matches())
                .findFirst()
                .ifPresent(domain -> {
                    throw new StartFault("--domain: '" + domain + "' is not the name of a host");
                });
    }

    /** A drive inside of another would be lost with it. */
    private static void requireApart(List<Path> data) {
        for (Path outer : data) {
            data.stream()
                    .filter(inner -> !inner.equals(outer) && inner.startsWith(outer))
                    .findFirst()
                    .ifPresent(inner -> {
                        throw new StartFault("the data directory " + inner + " lies inside of " + outer
                                + "; give each drive a directory of its own");
                    });
        }
    }

    /** More shards than drives could be promised, and never be written. */
    private static void requireDrives(Optional<Redundancy> redundancy, int drives) {
        redundancy.filter(asked -> asked.width() > drives).ifPresent(asked -> {
            throw new StartFault("--redundancy " + asked + " needs " + asked.width() + " drives; --data names " + drives
                    + (drives == 1 ? " directory" : " directories") + ", one per drive");
        });
    }

    private static String availableRoles() {
        return Arrays.stream(Role.values())
                .filter(Role::available)
                .map(Role::toString)
                .collect(Collectors.joining(", "));
    }

    /** How to listen on a port of this node. */
    HttpServerOptions tcp(InetSocketAddress address) {
        HttpServerOptions plain = HttpServerOptions.defaults(address);
        return tls.map(plain::withTls).orElse(plain);
    }

    private static void requireLoopback(InetSocketAddress address) {
        if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
            throw new StartFault("plain HTTP is served on loopback only, not on " + address.getHostString()
                    + "; give --tls-cert and --tls-key, or allow it with --insecure-http");
        }
    }
}
