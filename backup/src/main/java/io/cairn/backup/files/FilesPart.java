package io.cairn.backup.files;

import io.cairn.backup.Cut;
import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.backup.Taken;
import io.cairn.base.Clock;
import io.cairn.repository.Backup;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Directories and files of this machine, with owners, modes, times, links, attributes and holes, under their own paths.
 * Files that cannot be read are left out and counted. One use, one thread.
 */
public final class FilesPart implements Part {
    private final List<String> paths;
    private final Predicate<String> excluded;
    private final Clock clock;

    /** @param paths absolute and clean */
    public FilesPart(List<String> paths, Predicate<String> excluded, Clock clock) {
        this.paths = paths.stream().sorted().distinct().toList();
        this.excluded = excluded;
        this.clock = clock;
    }

    @Override
    public SourceName name() {
        return SourceName.of("files", String.join("+", paths).replace('/', '-'));
    }

    @Override
    public Taken take(Backup backup) {
        for (String path : paths) {
            if (!Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
                throw new SourceFault.Refused("there is no " + path + " on this machine; give a directory or a file");
            }
        }
        Instant begun = clock.now();
        Backup.Result result = backup.directories(paths, excluded);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("paths", String.join(", ", paths));
        facts.put("files", String.valueOf(result.files()));
        if (result.problems() > 0) {
            facts.put("unreadable", String.valueOf(result.problems()));
        }
        return new Taken(new Cut(begun, clock.now(), facts), result);
    }
}
