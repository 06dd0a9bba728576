package io.cairn.server;

import io.cairn.consensus.LogMembers;
import io.cairn.consensus.RatisLog;
import io.cairn.consensus.RatisLogOptions;
import io.cairn.consensus.RatisMember;
import io.cairn.metadata.MetadataOptions;
import io.cairn.metadata.MetadataStore;
import io.cairn.model.CorruptFault;
import io.cairn.model.Placement;
import io.cairn.model.ShardStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens the metadata log of a node: one member on a node of one or two drives, one on each of three drives from three
 * drives on. Later starts open the members that the log itself remembers, wherever their drives are mounted now.
 */
final class MetadataLog {
    /** The directory of a drive that belongs to its log member. */
    static final String DIRECTORY = "meta";

    private static final int MEMBERS = 3;

    private MetadataLog() {}

    /** Opens the log, or makes it at the first start. */
    static RatisLog open(OpenedDrives drives) {
        Map<String, RatisMember> present = new LinkedHashMap<>();
        List<List<String>> lists = new ArrayList<>();
        List<CorruptFault> damaged = new ArrayList<>();
        drives.open().forEach((directory, drive) -> {
            RatisMember member = member(directory, drive);
            try {
                List<String> recorded = LogMembers.recorded(member.directory());
                if (!recorded.isEmpty()) {
                    lists.add(recorded);
                    present.put(member.name(), member);
                }
            } catch (CorruptFault damage) {
                // The others know this member too; the log counts it as absent, and says why.
                damaged.add(damage);
                present.put(member.name(), member);
            }
        });
        List<String> known = prevailing(lists);
        if (known.isEmpty() && !damaged.isEmpty()) {
            throw damaged.getFirst();
        }
        if (known.isEmpty()) {
            if (!drives.first()) {
                throw new StartFault("drives are here, but none of them holds metadata" + unopenedInWords(drives)
                        + "; if it is lost, `cairn salvage --data DIR...` with the directories that are left rebuilds"
                        + " it from the objects' labels");
            }
            return make(drives);
        }
        Iterator<Path> elsewhere = unopened(drives).iterator();
        List<RatisMember> members = known.stream()
                .map(name -> present.containsKey(name) ? present.get(name) : absent(name, elsewhere))
                .toList();
        return RatisLog.open(RatisLogOptions.defaults(), members, MetadataLog::state);
    }

    /**
     * The list of members that most of the directories know, and the longer of two: a drive that comes back after its
     * member was replaced remembers an older one, and every change is written down by all members that take part.
     */
    static List<String> prevailing(List<List<String>> recorded) {
        List<String> best = List.of();
        int votes = 0;
        for (List<String> names : recorded) {
            int same = Collections.frequency(recorded, names);
            if (same > votes || same == votes && names.size() > best.size()) {
                best = names;
                votes = same;
            }
        }
        return best;
    }

    private static String unopenedInWords(OpenedDrives drives) {
        List<Path> directories = unopened(drives);
        return directories.isEmpty() ? "" : "; it may be on the drive that is not at " + directories + " now";
    }

    private static List<Path> unopened(OpenedDrives drives) {
        List<Path> directories = new ArrayList<>(drives.missing().keySet());
        directories.addAll(drives.blank());
        return directories;
    }

    /** Makes a new, empty log on the drives. */
    static RatisLog make(OpenedDrives drives) {
        return RatisLog.open(RatisLogOptions.defaults(), firstMembers(drives), MetadataLog::state);
    }

    /** Whether the directory belongs to a member of a log. */
    static boolean holdsMember(Path directory) {
        return !LogMembers.recorded(directory).isEmpty();
    }

    private static List<RatisMember> firstMembers(OpenedDrives drives) {
        int count = drives.open().size() < MEMBERS ? 1 : MEMBERS;
        return drives.open().entrySet().stream()
                .limit(count)
                .map(entry -> member(entry.getKey(), entry.getValue()))
                .toList();
    }

    static RatisMember member(Path directory, ShardStore drive) {
        return new RatisMember(drive.id().toString(), directory.resolve(DIRECTORY));
    }

    /** The member that lives, or is to live, on a drive of the placement map. */
    static RatisMember member(Placement.Drive drive) {
        return new RatisMember(drive.id().toString(), Path.of(drive.path()).resolve(DIRECTORY));
    }

    /** A member whose drive is not here: it is expected at one of the directories that have no drive now. */
    private static RatisMember absent(String name, Iterator<Path> elsewhere) {
        Path directory = elsewhere.hasNext() ? elsewhere.next() : Path.of("lost-drive", name);
        return new RatisMember(name, directory.resolve(DIRECTORY));
    }

    static MetadataStore state(RatisMember member) {
        return MetadataStore.open(member.stateDirectory(), MetadataOptions.defaults());
    }
}
