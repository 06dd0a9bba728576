package io.cairn.cli;

import io.cairn.base.ByteCount;
import io.cairn.console.VolumeInfo;
import io.cairn.console.VolumeInfo.LimitsInfo;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How volumes are put into words and columns for people. Stateless. */
final class VolumeWords {
    private VolumeWords() {}

    static Table table(List<VolumeInfo> volumes) {
        Table table = new Table(
                "NAME", "CLASS", "KIND", "SIZE", "USED", "ALLOCATED", "LIMITS", "ENCRYPTION", "USERS", "SNAPSHOTS", "");
        for (VolumeInfo volume : volumes) {
            table.row(
                    volume.name(),
                    volume.storageClass(),
                    volume.filesystem(),
                    volume.size() == 0 ? "-" : size(volume.size()),
                    size(volume.used()),
                    size(volume.allocated()),
                    limits(volume.limits()),
                    volume.encryption(),
                    Integer.toString(volume.holders().size()),
                    Integer.toString(volume.snapshots()),
                    volume.warnings().isEmpty() ? "" : "! " + volume.warnings().getFirst());
        }
        return table;
    }

    /** One line. */
    static String summary(VolumeInfo volume) {
        List<String> words = new ArrayList<>();
        words.add(volume.size() == 0 ? volume.kind() : size(volume.size()) + " " + volume.filesystem());
        words.add("class " + volume.storageClass());
        if (!limits(volume.limits()).equals("-")) {
            words.add("limits " + limits(volume.limits()) + " (" + volume.enforcement() + ")");
        }
        words.add("encryption " + volume.encryption());
        return String.join(", ", words);
    }

    /** Every field, one in a line. */
    static void describe(PrintWriter out, VolumeInfo volume) {
        out.println(volume.name());
        line(out, "id", volume.id());
        line(out, "created", volume.created());
        line(out, "mountpoint", volume.mountpoint() + (volume.mounted() ? "" : " (not mounted)"));
        line(out, "class", volume.storageClass() + " (tier " + volume.tier() + ")");
        line(out, "filesystem", volume.filesystem() + " " + String.join(",", volume.mountOptions()));
        if (volume.size() > 0) {
            line(out, "size", size(volume.size()) + (volume.thick() ? ", all of it reserved" : ", thin"));
            line(out, "allocated", size(volume.allocated()) + " of the pool");
        }
        if (volume.used() != null) {
            line(out, "used", size(volume.used()) + ", " + size(volume.available()) + " available");
            line(out, "inodes", volume.inodes() + ", " + volume.inodesFree() + " free");
        }
        line(out, "limits", limits(volume.limits()));
        line(out, "enforced", volume.enforcement());
        line(out, "encryption", volume.encryption());
        line(out, "users", users(volume.holders()));
        line(out, "snapshots", volume.snapshots() + ", last " + orNever(volume.lastSnapshot()));
        line(out, "backup", volume.backupPolicy() + ", last " + orNever(volume.lastBackup()));
        volume.warnings().forEach(warning -> out.println("  ! " + warning));
        out.flush();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println("  " + name + " ".repeat(12 - name.length()) + value.strip());
    }

    private static String users(Map<String, Integer> holders) {
        if (holders.isEmpty()) {
            return "nobody";
        }
        List<String> words = new ArrayList<>();
        new TreeMap<>(holders).forEach((id, count) -> words.add(count == 1 ? id : id + " (" + count + " times)"));
        return String.join(", ", words);
    }

    static String limits(LimitsInfo limits) {
        List<String> words = new ArrayList<>();
        if (limits.readIops() != null && limits.readIops().equals(limits.writeIops())) {
            words.add(limits.readIops() + " IOPS");
        } else {
            add(words, limits.readIops(), "%d read IOPS");
            add(words, limits.writeIops(), "%d write IOPS");
        }
        if (limits.readBytes() != null) {
            words.add("read " + size(limits.readBytes()) + "/s");
        }
        if (limits.writeBytes() != null) {
            words.add("write " + size(limits.writeBytes()) + "/s");
        }
        return words.isEmpty() ? "-" : String.join(", ", words);
    }

    private static void add(List<String> words, @Nullable Long limit, String form) {
        if (limit != null) {
            words.add(form.formatted(limit));
        }
    }

    static String size(@Nullable Long bytes) {
        return bytes == null ? "-" : ByteCount.of(Math.max(0, bytes)).toString();
    }

    private static String orNever(@Nullable String time) {
        return time == null ? "never" : time;
    }
}
