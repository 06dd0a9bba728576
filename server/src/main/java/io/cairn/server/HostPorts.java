package io.cairn.server;

import io.cairn.base.Clock;
import io.cairn.host.Host;
import io.cairn.host.Throttle;
import io.cairn.host.cgroup.CgroupThrottle;
import io.cairn.host.crypt.FscryptDirectories;
import io.cairn.host.crypt.LuksEncryption;
import io.cairn.host.linux.LinuxFilesystems;
import io.cairn.host.linux.LinuxImageFiles;
import io.cairn.host.linux.LinuxLoopDevices;
import io.cairn.host.linux.LinuxMountTable;
import io.cairn.host.report.LinuxHostReport;
import java.util.Deque;
import java.util.List;

/** The ports to this host, on Linux. Stateless. */
final class HostPorts {
    private HostPorts() {}

    /** Opens them; what has to be closed is pushed. {@code groups}: where containers are beside the usual places. */
    static Host open(List<String> groups, Clock clock, Deque<AutoCloseable> opened) {
        LinuxMountTable mounts = new LinuxMountTable();
        Throttle throttle = CgroupThrottle.open(mounts, groups, clock);
        opened.push(throttle);
        return new Host(
                new LinuxLoopDevices(),
                mounts,
                new LinuxFilesystems(clock),
                new LinuxImageFiles(),
                new LuksEncryption(),
                new FscryptDirectories(),
                throttle,
                new LinuxHostReport(mounts));
    }
}
