package io.cairn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Entropy;
import io.cairn.http.TlsFiles;
import io.cairn.model.Redundancy;
import io.cairn.shards.DriveOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands against a start is said before anything is made. */
final class NodeStartTest {
    @TempDir
    private Path root;

    private Path drive() {
        return root.resolve("drive");
    }

    private NodeOptions options(InetSocketAddress listen, InetSocketAddress admin, Optional<TlsFiles> tls) {
        return options(listen, admin, tls, "us-east-1", "localhost", "copies:1");
    }

    private NodeOptions options(String region, String domain, String redundancy) {
        return options(port(0), port(0), Optional.empty(), region, domain, redundancy);
    }

    private NodeOptions options(
            InetSocketAddress listen,
            InetSocketAddress admin,
            Optional<TlsFiles> tls,
            String region,
            String domain,
            String redundancy) {
        return new NodeOptions(
                List.of(drive()),
                listen,
                admin,
                Set.of(Role.STORE),
                tls,
                false,
                List.of(domain),
                region,
                Optional.of(Redundancy.parse(redundancy)),
                Optional.empty());
    }

    private static InetSocketAddress port(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void refused(String reason, NodeOptions options) {
        StartFault fault = assertThrows(StartFault.class, () -> Node.start(options, "test"));
        assertTrue(fault.getMessage().contains(reason), fault.getMessage());
        assertFalse(fault.getMessage().contains("Exception"), fault.getMessage());
        assertFalse(Files.exists(drive()), "a start that failed made a store");
    }

    @Test
    void port_inUse_isSaidWithItsOptionAndMakesNoStore() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress taken = port(other.getLocalPort());
            String reason = "cannot listen on " + taken.getHostString() + ":" + taken.getPort() + ": ";
            refused(reason, options(taken, port(0), Optional.empty()));
            refused("; give another address with --admin", options(port(0), taken, Optional.empty()));
        }
    }

    @Test
    void certificate_thatCannotBeUsed_makesNoStore() throws IOException {
        Path nonsense = Files.writeString(root.resolve("cert.pem"), "not a certificate\n");
        refused("cert.pem", options(port(0), port(0), Optional.of(new TlsFiles(nonsense, nonsense))));
    }

    @Test
    void addresses_thatAreTheSame_areRefused() {
        StartFault fault = assertThrows(StartFault.class, () -> options(port(19_000), port(19_000), Optional.empty()));
        assertTrue(fault.getMessage().contains("the same address"), fault.getMessage());
    }

    @Test
    void directory_insideAnother_isRefused() {
        List<Path> nested = List.of(drive(), drive().resolve("second"));
        StartFault fault = assertThrows(
                StartFault.class,
                () -> new NodeOptions(
                        nested,
                        port(0),
                        port(0),
                        Set.of(Role.STORE),
                        Optional.empty(),
                        false,
                        List.of("localhost"),
                        "us-east-1",
                        Optional.empty(),
                        Optional.empty()));
        assertTrue(fault.getMessage().contains(" lies inside of "), fault.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"copies:2", "ec:2+1"})
    void redundancy_ofMoreDrivesThanGiven_isRefused(String redundancy) {
        StartFault fault = assertThrows(StartFault.class, () -> options("us-east-1", "localhost", redundancy));
        assertTrue(fault.getMessage().contains("--redundancy " + redundancy + " needs "), fault.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "eu/west", "eu west"})
    void region_thatCannotBeSigned_isRefused(String region) {
        assertThrows(StartFault.class, () -> options(region, "localhost", "copies:1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", ".local", "local.", "a..b", "host:9000"})
    void domain_thatIsNoHost_isRefused(String domain) {
        assertThrows(StartFault.class, () -> options("us-east-1", domain, "copies:1"));
        assertEquals(
                List.of("s3.example.org"),
                options("us-east-1", "s3.example.org", "copies:1").domains());
    }

    /** A mount point is usually open to all; what lies in it is not for all. */
    @Test
    void directory_openToOthers_isClosedToThem() throws IOException {
        for (int start = 0; start < 2; start++) {
            Files.createDirectories(drive());
            Files.setPosixFilePermissions(drive(), PosixFilePermissions.fromString("rwxr-xr-x"));
            OpenedDrives drives = OpenedDrives.open(List.of(drive()), DriveOptions.standard(), Entropy.secure());
            drives.close();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(drive())));
        }
    }

    @Test
    void data_thatIsAFile_isRefusedWithTheReason() throws IOException {
        Files.writeString(drive(), "a file\n");
        StartFault fault = assertThrows(
                StartFault.class, () -> OpenedDrives.open(List.of(drive()), DriveOptions.standard(), Entropy.secure()));
        assertTrue(fault.getMessage().contains("it is not a directory"), fault.getMessage());
    }
}
