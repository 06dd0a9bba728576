package io.cairn.host.report;

import io.cairn.host.HostFault;
import io.cairn.host.HostReport;
import io.cairn.host.MountTable;
import io.cairn.host.kernel.Capabilities;
import io.cairn.host.kernel.PlatformThreads;
import io.cairn.host.kernel.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The report of the host that this process runs on. Stateless; safe for many threads. */
public final class LinuxHostReport implements HostReport {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Path PROC = Path.of("/proc");

    /** What volumes run, the package that has it, and the option that makes it tell its version, if one does. */
    private record Program(String name, String debianPackage, Optional<String> versionOption) {
        static Program silent(String name, String debianPackage) {
            return new Program(name, debianPackage, Optional.empty());
        }
    }

    private static final List<Program> PROGRAMS = List.of(
            new Program("mkfs.ext4", "e2fsprogs", Optional.of("-V")),
            Program.silent("e2fsck", "e2fsprogs"),
            Program.silent("resize2fs", "e2fsprogs"),
            Program.silent("tune2fs", "e2fsprogs"),
            new Program("mkfs.xfs", "xfsprogs", Optional.of("-V")),
            Program.silent("xfs_repair", "xfsprogs"),
            Program.silent("xfs_growfs", "xfsprogs"),
            Program.silent("xfs_admin", "xfsprogs"),
            new Program("cryptsetup", "cryptsetup-bin", Optional.of("--version")));

    private final Disks disks;
    private final DockerPing docker;

    public LinuxHostReport(MountTable mounts) {
        this(mounts, Path.of("/run/docker.sock"));
    }

    /** {@code dockerSocket} is where Docker Engine listens. */
    public LinuxHostReport(MountTable mounts, Path dockerSocket) {
        disks = new Disks(mounts);
        docker = new DockerPing(dockerSocket);
    }

    @Override
    public List<Fact> facts(List<Path> pools) {
        return PlatformThreads.call(() -> {
            var facts = new ArrayList<Fact>();
            facts.add(look("kernel", LinuxHostReport::kernel));
            facts.add(look("capabilities", LinuxHostReport::capabilities));
            facts.add(look("loop devices", LinuxHostReport::loops));
            facts.add(look("mount namespace", LinuxHostReport::namespace));
            facts.add(look("programs", LinuxHostReport::programs));
            pools.forEach(pool -> facts.add(look("disk of " + pool, () -> disks.below(pool))));
            facts.add(look("Docker", docker::fact));
            return List.copyOf(facts);
        });
    }

    private static Fact look(String subject, Supplier<Fact> work) {
        try {
            return work.get();
        } catch (HostFault fault) {
            return new Fact(subject, false, fault.getMessage());
        }
    }

    private static Fact kernel() {
        String release = SmallText.of(PROC.resolve("sys/kernel/osrelease")).orElse("unknown");
        return new Fact("kernel", true, "Linux " + release + " on " + System.getProperty("os.arch", "unknown"));
    }

    private static Fact capabilities() {
        if (!Capabilities.effective(Capabilities.SYS_ADMIN)) {
            return new Fact(
                    "capabilities",
                    false,
                    "no CAP_SYS_ADMIN: volumes cannot be mounted at all; run the daemon as root");
        }
        return Capabilities.effective(Capabilities.SYS_RESOURCE)
                ? new Fact("capabilities", true, "CAP_SYS_ADMIN, CAP_SYS_RESOURCE")
                : new Fact(
                        "capabilities",
                        false,
                        "no CAP_SYS_RESOURCE: ext4 volumes cannot grow while they are mounted (XFS can);"
                                + " they grow when they are mounted next");
    }

    private static Fact loops() {
        return Files.exists(Path.of("/dev/loop-control"))
                ? new Fact("loop devices", true, "/dev/loop-control is there")
                : new Fact(
                        "loop devices", false, "no /dev/loop-control: load the module loop, or no volume can be made");
    }

    /** What is mounted in a namespace of one's own is not seen by containers, unless it propagates. */
    private static Fact namespace() {
        Optional<String> own = SmallText.link(PROC.resolve("self/ns/mnt"));
        Optional<String> first = SmallText.link(PROC.resolve("1/ns/mnt"));
        if (own.isEmpty() || first.isEmpty()) {
            return new Fact("mount namespace", true, "that of process 1 may not be looked at");
        }
        return own.equals(first)
                ? new Fact("mount namespace", true, "that of the host")
                : new Fact(
                        "mount namespace",
                        false,
                        "not that of the host: containers see volumes only if the directory of the mounts is shared"
                                + " with the host (rshared)");
    }

    private static Fact programs() {
        var found = new ArrayList<String>();
        var missing = new ArrayList<String>();
        for (Program program : PROGRAMS) {
            Tool tool = new Tool(program.name(), program.debianPackage());
            if (tool.find().isEmpty()) {
                missing.add(program.name() + " (Debian: " + program.debianPackage() + ")");
            } else {
                program.versionOption().ifPresent(option -> found.add(version(tool, option)));
            }
        }
        String versions = String.join(", ", found);
        return missing.isEmpty()
                ? new Fact("programs", true, versions)
                : new Fact(
                        "programs",
                        false,
                        "not installed: " + String.join(", ", missing)
                                + (found.isEmpty() ? "" : "; there: " + versions));
    }

    private static String version(Tool tool, String option) {
        String first = tool.run(BOUND, option).output().lines().findFirst().orElse("");
        return Versions.in(first).map(version -> tool.name() + " " + version).orElse(tool.name());
    }
}
