package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scan over a {@code /proc} made of files, in which processes end at the worst moments. */
final class MountNamespacesTest {
    private static final String ID = "c7cb3430a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c";
    private static final DeviceNumber LOOP = new DeviceNumber(7, 0);

    @TempDir
    private Path proc;

    @Test
    void namespace_ofManyProcesses_isOneHolder() throws IOException {
        process("self", "mnt:[1]", "10 0 7:0 / / rw - ext4 x rw");
        process("100", "mnt:[1]", "10 0 7:0 / / rw - ext4 x rw");
        for (int pid = 200; pid < 210; pid++) {
            process("" + pid, "mnt:[2]", "20 0 7:0 / /data rw - ext4 x rw\n21 0 0:5 / /proc rw - proc proc rw");
        }
        process("300", "mnt:[3]", "30 0 0:5 / /proc rw - proc proc rw");
        Map<DeviceNumber, List<Holder>> holders = new MountNamespaces(proc).holders();
        Holder holder = holders.get(LOOP).getFirst();
        assertEquals(1, holders.get(LOOP).size());
        assertEquals(2, holder.namespace());
        assertEquals("sleep", holder.command());
        assertEquals(Optional.of(ID), holder.container());
        assertEquals(2, holders.get(new DeviceNumber(0, 5)).size());
    }

    @Test
    void namespace_whoseFirstProcessesHaveGone_isReadThroughTheNext() throws IOException {
        process("self", "mnt:[1]", "");
        for (int pid = 200; pid < 210; pid++) {
            process("" + pid, "mnt:[2]", "1 0 7:0 / /data rw - ext4 x rw");
            if (pid != 205) {
                // Gone between the look at its namespace and that at its mounts.
                Files.delete(proc.resolve(pid + "/mountinfo"));
            }
        }
        assertEquals(
                205, new MountNamespaces(proc).holders().get(LOOP).getFirst().pid());
    }

    /** The same first mount is the same namespace, however it is named. */
    @Test
    void namespace_namedTwice_isOneHolder() throws IOException {
        process("self", "mnt:[1]", "10 0 7:0 / / rw - ext4 x rw");
        process("150", "mnt:[8]", "10 0 7:0 / / rw - ext4 x rw");
        process("160", "mnt:[2]", "20 0 7:0 / / rw - ext4 x rw");
        process("170", "mnt:[9]", "20 0 7:0 / / rw - ext4 x rw");
        process("180", "mnt:[3]", "");
        assertEquals(1, new MountNamespaces(proc).holders().get(LOOP).size());
    }

    @Test
    void process_thatIsGoneAltogether_isPassedOver() throws IOException {
        process("self", "mnt:[1]", "");
        Files.createDirectory(proc.resolve("400"));
        process("500", "mnt:[5]", "1 0 7:0 / /data rw - ext4 x rw");
        Files.delete(proc.resolve("500/mountinfo"));
        Files.createDirectory(proc.resolve("irq"));
        assertEquals(Map.of(), new MountNamespaces(proc).holders());
    }

    private void process(String pid, String namespace, String mounts) throws IOException {
        Path process = Files.createDirectories(proc.resolve(pid));
        Files.createSymbolicLink(Files.createDirectories(process.resolve("ns")).resolve("mnt"), Path.of(namespace));
        Files.writeString(process.resolve("mountinfo"), mounts);
        Files.writeString(process.resolve("comm"), "sleep\n");
        Files.writeString(process.resolve("cgroup"), "0::/docker/" + ID + "\n");
    }
}
