package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.store.LocalDirectory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WalExpiryTest {
    private static final SourceName NAME = new SourceName("postgres", "db1:5432");

    @TempDir
    private Path directory;

    private static void store(Repository repository, String path, String file, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                .tree(
                        List.of(path),
                        tree -> tree.file(
                                path + "/" + file,
                                TreeBuilder.Entry.at(Instant.EPOCH, 0600),
                                Optional.empty(),
                                bytes.length,
                                new ByteArrayInputStream(bytes)));
    }

    @Test
    void wal_beforeEveryBase_isForgottenAndNothingElse() {
        Repository repository = Repository.create(
                new LocalDirectory(directory, Entropy.seeded(1)),
                "pw".getBytes(StandardCharsets.UTF_8),
                Actor.thisProcess(Clock.system(), Entropy.secure()));
        for (String log : List.of("00000000", "00000001", "00000002")) {
            store(repository, NAME.path() + "/wal/00000001/" + log, "00000001" + log + "00000001", log);
        }
        assertEquals(0, WalExpiry.run(repository, NAME), "without a base everything may be needed");
        store(
                repository,
                NAME.path(),
                "about.json",
                "{\"format\":1,\"system\":\"7\",\"segmentBytes\":16777216,\"timeline\":1,"
                        + "\"start\":\"1/28\",\"end\":\"1/100\",\"tablespaces\":{}}");
        assertEquals(1, WalExpiry.run(repository, NAME));
        assertEquals(3, repository.snapshots().size());
        assertEquals(0, WalExpiry.run(repository, NAME));
    }
}
