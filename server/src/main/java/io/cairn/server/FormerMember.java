package io.cairn.server;

import io.cairn.model.DriveFault;
import io.cairn.model.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata directory of a drive whose log member was replaced while the drive was away. It is of no use to the log,
 * which has the newcomer in its place, but it is not thrown away before the drive gets a member again, and even then
 * the last one is kept.
 */
final class FormerMember {
    private static final Logger LOG = LoggerFactory.getLogger(FormerMember.class);
    private static final String ASIDE = MetadataLog.DIRECTORY + ".former";

    private FormerMember() {}

    /** Makes room for a new member on the drive. Only for a drive that has no member of the present log. */
    static void moveAside(Placement.Drive drive) {
        Path directory = MetadataLog.member(drive).directory();
        if (!Files.exists(directory)) {
            return;
        }
        Path aside = directory.resolveSibling(ASIDE);
        try {
            delete(aside);
            Path _ = Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            LOG.info("the directory of a former metadata member was moved to {}", aside);
        } catch (IOException fault) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "cannot move " + directory + " aside: " + fault.getMessage(), fault);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            List<Path> found;
            try (Stream<Path> paths = Files.walk(tree)) {
                found = paths.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : found) {
                Files.delete(path);
            }
        }
    }
}
