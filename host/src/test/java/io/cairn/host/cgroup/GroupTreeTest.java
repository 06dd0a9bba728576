package io.cairn.host.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.host.DeviceNumber;
import io.cairn.host.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups are directories: these tests make them anywhere. */
final class GroupTreeTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path root;

    private Path group(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    @Test
    void containers_inEveryKnownPlace_areFoundAndServicesAreNot() throws IOException {
        GroupTree tree = new GroupTree(root, List.of("/kubepods.slice/burstable"));
        Set<Path> expected = Set.of(
                group("docker/" + ID),
                group("docker/" + ID + "/init.scope"),
                group("system.slice/docker-" + ID + ".scope"),
                group("docker.slice/docker-" + ID + ".scope"),
                group("kubepods.slice/burstable/pod1"),
                group("kubepods.slice/burstable/pod1/" + ID));
        group("system.slice/sshd.service");
        group("system.slice/docker-short.scope");
        group("kubepods.slice/besteffort/pod2");
        group("elsewhere/" + ID);
        assertEquals(expected, Set.copyOf(tree.containers()));
        expected.forEach(each -> assertTrue(tree.isContainer(each) && !tree.leads(each), each.toString()));
        assertTrue(tree.leads(root) && tree.leads(root.resolve("kubepods.slice")));
        assertFalse(tree.isContainer(root.resolve("docker")));
    }

    @Test
    void watch_ofParentsThatDoNotExistYet_reportsTheirContainers() throws IOException, InterruptedException {
        try (GroupWatch watch = new GroupWatch(new GroupTree(root, List.of("a/b")))) {
            Path docker = group("docker/" + ID);
            assertTrue(arrivals(watch, docker).contains(docker));
            Path nested = group("a/b/c/d");
            assertTrue(arrivals(watch, nested).contains(nested));
            Path inside = group("docker/" + ID + "/inner");
            assertTrue(arrivals(watch, inside).contains(inside));
            group("system.slice/some.service");
            Path scope = group("system.slice/docker-" + ID + ".scope");
            List<Path> last = arrivals(watch, scope);
            assertTrue(last.stream().noneMatch(each -> each.toString().contains("service")), last.toString());
        }
    }

    private static List<Path> arrivals(GroupWatch watch, Path until) throws InterruptedException {
        List<Path> all = new ArrayList<>();
        while (!all.contains(until)) {
            GroupWatch.News news = watch.await(SOON);
            assertTrue(news.any(), "no news of " + until + " within " + SOON);
            all.addAll(news.arrived());
        }
        return all;
    }

    @Test
    void watch_ofAGroupThatGoes_saysSo() throws IOException, InterruptedException {
        Path container = group("docker/" + ID);
        try (GroupWatch watch = new GroupWatch(new GroupTree(root, List.of()))) {
            Files.delete(container);
            assertTrue(watch.await(SOON).any());
        }
    }

    private MountEntry mount(String type, String root, String options, String superOptions) {
        return new MountEntry(
                1,
                0,
                new DeviceNumber(0, 30),
                root,
                this.root,
                List.of(options.split(",")),
                List.of(),
                type,
                type,
                List.of(superOptions.split(",")));
    }

    @Test
    void hierarchy_amongMounts_isTheOneThatHasTheController() throws IOException {
        assertInstanceOf(Hierarchy.None.class, Hierarchy.among(List.of()));
        assertInstanceOf(Hierarchy.None.class, Hierarchy.among(List.of(mount("cgroup", "/", "rw", "rw,blkio"))));
        Files.createFile(root.resolve("blkio.throttle.read_iops_device"));
        var one =
                Hierarchy.among(List.of(mount("cgroup", "/", "rw", "rw,cpu"), mount("cgroup", "/", "rw", "rw,blkio")));
        assertEquals(new Hierarchy.VersionOne(root), one);
        Files.writeString(root.resolve("cgroup.controllers"), "hugetlb misc\n");
        assertInstanceOf(Hierarchy.None.class, Hierarchy.among(List.of(mount("cgroup2", "/", "rw", "rw"))));
        Files.writeString(root.resolve("cgroup.controllers"), "cpu io memory\n");
        assertEquals(new Hierarchy.VersionTwo(root), Hierarchy.among(List.of(mount("cgroup2", "/", "rw", "rw"))));
    }

    @Test
    void hierarchy_ofWhichAPartIsMountedOrReadOnly_isRefusedWithTheReason() throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), "io\n");
        var part = assertInstanceOf(
                Hierarchy.None.class, Hierarchy.among(List.of(mount("cgroup2", "/docker/x", "rw", "rw"))));
        assertTrue(part.reason().contains("/docker/x"), part.reason());
        var readOnly =
                assertInstanceOf(Hierarchy.None.class, Hierarchy.among(List.of(mount("cgroup2", "/", "ro", "rw"))));
        assertTrue(readOnly.reason().contains("read-only"), readOnly.reason());
    }
}
