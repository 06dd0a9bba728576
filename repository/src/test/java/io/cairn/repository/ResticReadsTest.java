package io.cairn.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.store.LocalDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Cairn writes, Debian's restic checks and restores. */
@Tag("acceptance")
final class ResticReadsTest {
    private static final byte[] PASSWORD = Restic.PASSWORD.getBytes(StandardCharsets.UTF_8);

    @Test
    void restic_repositoryOfCairn_checksAndRestores(@TempDir Path scratch) throws Exception {
        Restic restic = Restic.on(scratch.resolve("repo"), scratch);
        Path source = Files.createDirectory(scratch.resolve("source"));
        SampleTree.make(source, 1);
        Actor actor = Actor.thisProcess(Clock.system(), Entropy.secure());
        Repository repository =
                Repository.create(new LocalDirectory(scratch.resolve("repo"), Entropy.secure()), PASSWORD, actor);
        Backup.Result result = new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                .directories(List.of(source.toString()), _ -> false);
        assertEquals(0, result.problems());
        String checked = restic.run("check", "--read-data");
        assertTrue(checked.contains("no errors were found"), checked);
        restic.run("restore", "latest", "--target", scratch.resolve("restored").toString());
        assertEquals(
                SampleTree.description(source),
                SampleTree.description(
                        scratch.resolve("restored").resolve(source.toString().substring(1))));
    }
}
