package io.cairn.host.cgroup;

import io.cairn.host.DeviceNumber;
import io.cairn.host.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Rules of version 2: one file with lines such as {@code 7:0 rbps=max wbps=max riops=200 wiops=max}. */
record IoMaxFile() implements RuleFiles {
    static final String NAME = "io.max";
    private static final String UNLIMITED = "max";

    /** More is what the kernel calls max. */
    private static final long IOPS_MAX = 0xffff_fffeL;

    @Override
    public Map<DeviceNumber, Limits> read(Path group) throws IOException {
        return parse(GroupFile.read(group.resolve(NAME)));
    }

    /** Lines that are not of this form are passed over: they are not rules of ours. */
    static Map<DeviceNumber, Limits> parse(String text) {
        var rules = new TreeMap<DeviceNumber, Limits>();
        text.lines().forEach(line -> {
            String[] words = line.strip().split(" +");
            try {
                Limits limits = new Limits(
                        value(words, "riops="), value(words, "wiops="), value(words, "rbps="), value(words, "wbps="));
                if (!limits.isNone()) {
                    rules.put(DeviceNumber.parse(words[0]), limits);
                }
            } catch (IllegalArgumentException _) {
                // As said above.
            }
        });
        return rules;
    }

    private static OptionalLong value(String[] words, String key) {
        for (String word : words) {
            if (word.startsWith(key) && !word.endsWith(UNLIMITED)) {
                return OptionalLong.of(Long.parseLong(word.substring(key.length())));
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public void write(Path group, DeviceNumber device, Limits limits) throws IOException {
        GroupFile.write(
                group.resolve(NAME),
                "%s rbps=%s wbps=%s riops=%s wiops=%s"
                        .formatted(
                                device,
                                word(limits.readBytes(), Long.MAX_VALUE),
                                word(limits.writeBytes(), Long.MAX_VALUE),
                                word(limits.readIops(), IOPS_MAX),
                                word(limits.writeIops(), IOPS_MAX)));
    }

    private static String word(OptionalLong limit, long most) {
        return limit.isPresent() && limit.getAsLong() <= most ? Long.toString(limit.getAsLong()) : UNLIMITED;
    }
}
