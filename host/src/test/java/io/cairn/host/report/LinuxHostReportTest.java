package io.cairn.host.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.HostReport.Fact;
import io.cairn.host.linux.LinuxMountTable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxHostReportTest {
    @TempDir
    Path directory;

    private List<Fact> facts(Path... pools) {
        return new LinuxHostReport(new LinuxMountTable(), directory.resolve("docker.sock")).facts(List.of(pools));
    }

    @Test
    void report_ofThisHost_saysSomethingOfEverything() {
        List<Fact> facts = facts(directory, Path.of("/proc"), directory.resolve("absent"));
        Set<String> subjects = facts.stream().map(Fact::subject).collect(Collectors.toSet());
        assertTrue(subjects.containsAll(List.of("kernel", "capabilities", "programs", "Docker")), subjects.toString());
        assertTrue(facts.stream().noneMatch(fact -> fact.text().isBlank()), facts.toString());
        assertTrue(of(facts, "kernel").text().startsWith("Linux "));
        assertTrue(of(facts, "disk of /proc").text().startsWith("no block device"));
        assertFalse(of(facts, "disk of " + directory.resolve("absent")).well());
    }

    private static Fact of(List<Fact> facts, String subject) {
        return facts.stream()
                .filter(fact -> fact.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void docker_thatAnswersFailsOrHangsUp_isReported() throws Exception {
        assertTrue(
                docker("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\nOK").text().contains("API 1.41"));
        assertFalse(docker("HTTP/1.1 500 no\r\n\r\n").well());
        assertFalse(docker("").well());
        assertFalse(docker("\u0007nonsense").text().contains("\u0007"));
        assertFalse(of(facts(), "Docker").well());
    }

    private Fact docker(String answer) throws Exception {
        Path socket = directory.resolve("answering.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread thread = Thread.ofVirtual().start(() -> answer(server, answer));
            Fact fact = new DockerPing(socket).fact();
            thread.join();
            return fact;
        } finally {
            assertTrue(socket.toFile().delete());
        }
    }

    private static void answer(ServerSocketChannel server, String answer) {
        try (SocketChannel client = server.accept()) {
            client.read(ByteBuffer.allocate(4096));
            client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    @Test
    void scheduler_inBrackets_isTheChosenOne() {
        assertEquals("mq-deadline", Disks.chosen("none [mq-deadline] kyber bfq"));
        assertEquals("none", Disks.chosen("none"));
        assertEquals("none", Disks.chosen("][mq"));
    }

    @Test
    void scheduler_thatDoesNotFitTheDisk_isNotWell() {
        assertTrue(Disks.judged("d", "nvme0n1", false, "none").well());
        assertTrue(Disks.judged("d", "sda", true, "mq-deadline").well());
        assertFalse(Disks.judged("d", "nvme0n1", false, "bfq").well());
        assertFalse(Disks.judged("d", "sda", true, "none").well());
    }

    @Test
    void version_inTheWordsOfAProgram_isFound() {
        assertEquals(Optional.of("1.47.0"), Versions.in("mke2fs 1.47.0 (5-Feb-2023)"));
        assertEquals(Optional.of("6.1.0"), Versions.in("mkfs.xfs version 6.1.0"));
        assertEquals(Optional.of("2.6.1"), Versions.in("cryptsetup 2.6.1 flags: UDEV BLKID"));
        assertEquals(Optional.empty(), Versions.in("usage: x"));
    }
}
