package io.cairn.repository;

import static io.cairn.repository.TestRepository.noise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.LocalDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's restic and Cairn on one repository: each reads what the other wrote, and neither spoils it. */
@Tag("acceptance")
final class ResticTogetherTest {
    @TempDir
    private Path scratch;

    private Path source;
    private Restic restic;

    private void prepare() throws Exception {
        restic = Restic.on(scratch.resolve("repo"), scratch);
        source = Files.createDirectory(scratch.resolve("source"));
    }

    private LocalDirectory directory() {
        return new LocalDirectory(scratch.resolve("repo"), Entropy.secure());
    }

    private Repository open() {
        return TestRepository.open(directory(), TestRepository.actor(Clock.system()));
    }

    private Backup.Result backUp(Repository repository) {
        return new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                .directories(List.of(source.toString()), _ -> false);
    }

    @Test
    void repositoryOfRestic_isReadContinuedAndPruned() throws Exception {
        prepare();
        SampleTree.make(source, 3);
        restic.run("init");
        restic.run("backup", source.toString());
        Repository repository = open();
        assertTrue(TestRepository.check(repository).clean());
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            Path out = scratch.resolve("out");
            assertEquals(
                    0,
                    reader.restore(Progress.NONE)
                            .into(repository.snapshot("latest"), source.toString(), out.toString())
                            .problems());
            assertEquals(SampleTree.description(source), SampleTree.description(out));
        }
        Backup.Result second = backUp(repository);
        assertEquals(second.files(), second.reused(), "restic's snapshot is the parent");
        Files.write(source.resolve("new"), noise(4, 2_000_000));
        backUp(repository);
        restic.run("check", "--read-data");
        Retention retention = new Retention(repository);
        retention.forget(retention.decide(
                new Retention.Rules(1, 0, 0, 0, 0, 0, Period.ZERO, Period.ZERO, Set.of()), ZoneOffset.UTC));
        new Prune(repository, Progress.NONE).run();
        restic.run("check", "--read-data");
        restic.run("forget", "--keep-last", "1", "--prune");
        assertTrue(TestRepository.check(repository).clean());
    }

    @Test
    void passwordAndPrune_ofCairn_areAcceptedByRestic() throws Exception {
        prepare();
        SampleTree.make(source, 5);
        Repository repository = TestRepository.create(directory());
        String first = backUp(repository).snapshot().toString();
        Files.delete(source.resolve("a/b/text"));
        Files.write(source.resolve("a/large"), noise(6, 5_000_000));
        backUp(repository);
        restic.run("forget", first);
        assertTrue(new Prune(repository, Progress.NONE).run().deletedPacks() > 0);
        repository.keys().rotate("another".getBytes(StandardCharsets.UTF_8));
        Files.writeString(restic.passwordFile(), "another");
        restic.run("check", "--read-data");
        restic.run("restore", "latest", "--target", scratch.resolve("restored").toString());
        assertEquals(
                SampleTree.description(source),
                SampleTree.description(
                        scratch.resolve("restored").resolve(source.toString().substring(1))));
    }

    @Test
    void backupOfRestic_stoppedAcrossAPrune_losesNothing() throws Exception {
        prepare();
        Files.write(source.resolve("shared"), noise(7, 30_000_000));
        restic.run("init");
        restic.run("backup", source.toString());
        String first = open().snapshot("latest").id().toString();
        for (int i = 0; i < 40; i++) {
            Files.write(source.resolve("more-" + i), noise(100 + i, 2_000_000));
        }
        Process backup = restic.command("backup", source.toString()).start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Holder.all(open()).isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        SampleTree.shell(scratch, "kill -STOP " + backup.pid());
        open().backend().delete(new FileName(Area.SNAPSHOTS, first));
        Prune.Result beside = new Prune(open(), Progress.NONE).run();
        SampleTree.shell(scratch, "kill -CONT " + backup.pid());
        backup.getInputStream().readAllBytes();
        assertTrue(backup.waitFor(120, TimeUnit.SECONDS));
        assertEquals(0, backup.exitValue());
        assertTrue(beside.deletedPacks() == 0 || beside.waiting().isEmpty());
        new Prune(open(), Progress.NONE).run();
        restic.run("check", "--read-data");
        assertTrue(TestRepository.check(open()).clean());
    }
}
