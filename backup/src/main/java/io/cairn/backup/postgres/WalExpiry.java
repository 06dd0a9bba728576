package io.cairn.backup.postgres;

import io.cairn.backup.SourceName;
import io.cairn.repository.Repository;
import io.cairn.repository.Retention;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives up WAL that no base backup can use any more: what lies before the oldest of them. Stateless. */
public final class WalExpiry {
    private static final Pattern DIRECTORY = Pattern.compile("([0-9A-F]{8})/([0-9A-F]{8})");
    private static final int HEX = 16;

    private WalExpiry() {}

    /** Forgets snapshots of WAL whose last byte lies before every base backup; returns how many. Holds are kept. */
    public static int run(Repository repository, SourceName name) {
        Optional<BaseSnapshot> oldest;
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            oldest = BaseSnapshot.all(repository, reader, name).stream().min(Comparator.comparing(BaseSnapshot::start));
        }
        if (oldest.isEmpty()) {
            return 0;
        }
        int count = 0;
        Set<String> held = new Retention(repository).holds().keySet();
        for (Snapshot snapshot : repository.snapshots()) {
            String id = snapshot.id().toString();
            if (isBefore(snapshot.paths(), name, oldest.get()) && !held.contains(id)) {
                repository.backend().delete(new FileName(Area.SNAPSHOTS, id));
                repository.backend().delete(new FileName(Area.VERIFIED, id));
                count++;
            }
        }
        return count;
    }

    private static boolean isBefore(List<String> paths, SourceName name, BaseSnapshot oldest) {
        String prefix = name.path() + "/wal/";
        if (paths.size() != 1 || !paths.getFirst().startsWith(prefix)) {
            return false;
        }
        Matcher directory = DIRECTORY.matcher(paths.getFirst().substring(prefix.length()));
        if (!directory.matches()) {
            return false;
        }
        long timeline = Long.parseLong(directory.group(1), HEX);
        Lsn end = new Lsn(Long.parseLong(directory.group(2), HEX) + 1 << Integer.SIZE);
        return timeline <= oldest.timeline() && !end.isAfter(oldest.start());
    }
}
