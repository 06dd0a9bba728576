package io.cairn.repository;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.store.Backend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Repositories for tests: one password, streams as content, actors that are other processes. */
final class TestRepository {
    static final byte[] PASSWORD = Restic.PASSWORD.getBytes(StandardCharsets.UTF_8);

    private TestRepository() {}

    static Repository create(Backend backend) {
        return Repository.create(backend, PASSWORD, actor(Clock.system()));
    }

    static Repository open(Backend backend, Actor actor) {
        return Repository.open(backend, PASSWORD, actor);
    }

    static Actor actor(Clock clock) {
        return Actor.thisProcess(clock, Entropy.secure());
    }

    /** A process of another machine, which nobody here can prove dead. */
    static Actor elsewhere(Clock clock, String host) {
        return new Actor(clock, Entropy.secure(), host, "somebody", 4711, 0, 0, "boot of " + host, 1);
    }

    static Backup.Result backUp(Repository repository, String name, byte[] content) {
        return new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                .stream(name, new ByteArrayInputStream(content));
    }

    static byte[] read(Repository repository, String snapshot, String path) {
        var out = new ByteArrayOutputStream();
        try (SnapshotReader reader = SnapshotReader.open(repository)) {
            reader.restore(Progress.NONE).stream(repository.snapshot(snapshot), path, out);
        }
        return out.toByteArray();
    }

    static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    static Check.Report check(Repository repository) {
        return new Check(repository, Progress.NONE).run(_ -> true);
    }
}
