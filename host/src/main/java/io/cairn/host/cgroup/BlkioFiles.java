package io.cairn.host.cgroup;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Rules of version 1: a file for each kind of limit, with lines such as {@code 7:0 500}. Zero is no limit. */
record BlkioFiles() implements RuleFiles {
    static final String READ_IOPS = "blkio.throttle.read_iops_device";
    static final String SERVED = "blkio.throttle.io_serviced";
    private static final String WRITE_IOPS = "blkio.throttle.write_iops_device";
    private static final String READ_BYTES = "blkio.throttle.read_bps_device";
    private static final String WRITE_BYTES = "blkio.throttle.write_bps_device";

    /** The kernel keeps operations per second in 32 bits, and refuses more. */
    private static final long IOPS_MAX = 0xffff_ffffL;

    @Override
    public Map<DeviceNumber, Limits> read(Path group) throws IOException {
        Map<DeviceNumber, Long> readIops = lines(GroupFile.read(group.resolve(READ_IOPS)));
        Map<DeviceNumber, Long> writeIops = lines(GroupFile.read(group.resolve(WRITE_IOPS)));
        Map<DeviceNumber, Long> readBytes = lines(GroupFile.read(group.resolve(READ_BYTES)));
        Map<DeviceNumber, Long> writeBytes = lines(GroupFile.read(group.resolve(WRITE_BYTES)));
        var rules = new TreeMap<DeviceNumber, Limits>();
        for (var kind : List.of(readIops, writeIops, readBytes, writeBytes)) {
            for (DeviceNumber device : kind.keySet()) {
                rules.put(
                        device,
                        new Limits(
                                of(readIops, device),
                                of(writeIops, device),
                                of(readBytes, device),
                                of(writeBytes, device)));
            }
        }
        return rules;
    }

    private static OptionalLong of(Map<DeviceNumber, Long> kind, DeviceNumber device) {
        Long limit = kind.get(device);
        return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    /** Lines that are not of this form are passed over: they are not rules of ours. */
    static Map<DeviceNumber, Long> lines(String text) {
        var limits = new HashMap<DeviceNumber, Long>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                try {
                    long limit =
                            Long.parseUnsignedLong(line.substring(space + 1).strip());
                    DeviceNumber device = DeviceNumber.parse(line.substring(0, space));
                    // No limit is the largest number, or zero.
                    if (limit > 0) {
                        limits.put(device, limit);
                    }
                } catch (IllegalArgumentException _) {
                    // As said above.
                }
            }
        });
        return limits;
    }

    @Override
    public void write(Path group, DeviceNumber device, Limits limits) throws IOException {
        Limits now = read(group).getOrDefault(device, Limits.NONE);
        write(group.resolve(READ_IOPS), device, now.readIops(), capped(limits.readIops()));
        write(group.resolve(WRITE_IOPS), device, now.writeIops(), capped(limits.writeIops()));
        write(group.resolve(READ_BYTES), device, now.readBytes(), limits.readBytes());
        write(group.resolve(WRITE_BYTES), device, now.writeBytes(), limits.writeBytes());
    }

    /** How many operations processes of the group have made on the device since it has a rule or was first used. */
    static long served(String text, DeviceNumber device) {
        String start = device + " Total ";
        return text.lines()
                .filter(line -> line.matches("\\d+:\\d+ Total \\d{1,18}") && line.startsWith(start))
                .mapToLong(line -> Long.parseLong(line.substring(start.length())))
                .sum();
    }

    private static OptionalLong capped(OptionalLong iops) {
        return iops.isPresent() ? OptionalLong.of(Math.min(iops.getAsLong(), IOPS_MAX)) : iops;
    }

    private static void write(Path file, DeviceNumber device, OptionalLong now, OptionalLong wanted)
            throws IOException {
        if (!now.equals(wanted)) {
            GroupFile.write(file, device + " " + wanted.orElse(0));
        }
    }
}
