package io.cairn.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The number by which the kernel knows a device, as {@code major:minor}: {@code 7:0} is the first loop device. */
public record DeviceNumber(int major, int minor) implements Comparable<DeviceNumber> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,9})");
    private static final int MINOR_LOW_BITS = 8;
    private static final int MAJOR_LOW_BITS = 12;

    public DeviceNumber {
        if (major < 0 || minor < 0) {
            throw new IllegalArgumentException("a device number cannot be negative: " + major + ":" + minor);
        }
    }

    /** Reads {@code 7:0}, as in {@code /proc/self/mountinfo} and {@code /sys/block/loop0/dev}. */
    public static DeviceNumber parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a device number: '" + text + "'; expected major:minor");
        }
        return new DeviceNumber(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** From the {@code dev_t} that user space sees, as stat(2) gives it. */
    public static DeviceNumber ofDev(long dev) {
        long major = ((dev >>> MINOR_LOW_BITS) & 0xfffL) | ((dev >>> Integer.SIZE) & 0xfffff000L);
        long minor = (dev & 0xffL) | ((dev >>> MAJOR_LOW_BITS) & 0xffffff00L);
        return new DeviceNumber((int) major, (int) minor);
    }

    /** The {@code dev_t} of user space, the inverse of {@link #ofDev}. */
    public long dev() {
        return ((major & 0xfffL) << MINOR_LOW_BITS)
                | ((major & 0xfffff000L) << Integer.SIZE)
                | (minor & 0xffL)
                | ((minor & 0xffffff00L) << MAJOR_LOW_BITS);
    }

    @Override
    public int compareTo(DeviceNumber other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
