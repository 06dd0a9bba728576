package io.cairn.shards;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.model.BlobId;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A life of one drive on a simulated disk: random appends, releases and compactions between crashes, and after each
 * crash the check that what was acknowledged holds. Throws {@link AssertionError} when it does not. Used by one thread.
 */
final class CrashHarness {
    static final DriveOptions OPTIONS = new DriveOptions(
            64 << 10,
            64 << 10,
            2048,
            1 << 20,
            16,
            1 << 22,
            1000,
            0,
            0,
            64,
            64 << 10,
            64 << 10,
            30,
            Duration.ofSeconds(10),
            Duration.ofMillis(500));

    private static final int KEYS = 60;

    /** What may be found of a key: known for certain, or either way while an operation was not answered. */
    private enum Belief {
        ABSENT,
        PRESENT,
        EITHER
    }

    private final SplittableRandom random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final Disk view;
    private final Entropy entropy;
    private final Map<Integer, Belief> beliefs = new TreeMap<>();
    private final List<SimulatedDisk.Crash> modes;

    CrashHarness(SplittableRandom random, UnaryOperator<Disk> layer, SimulatedDisk.Crash... modes) throws IOException {
        this.random = random;
        this.modes = List.of(modes);
        this.entropy = Entropy.seeded(random.nextLong());
        DriveFormat.write(disk, new DriveIdentity(new DriveId(new UUID(1, random.nextLong())), "c", Instant.EPOCH));
        view = layer.apply(disk);
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** Lives through a number of crashes. */
    void live(int crashes) throws IOException {
        for (int i = 0; i < crashes; i++) {
            disk.cutAfter(1 + random.nextInt(random.nextInt(3) == 0 ? 15 : 250));
            boolean clean = false;
            try {
                clean = session();
            } catch (PowerCut cut) {
                clean = false;
            }
            disk.crash(modes.get(random.nextInt(modes.size())), random.split());
            if (i % 3 != 0 || clean) {
                check();
            }
        }
        disk.crash(modes.getFirst(), random.split());
        check();
    }

    private Drive open() {
        return Drive.manual(view, OPTIONS, entropy, Clock.system());
    }

    private boolean session() throws IOException {
        Drive drive = open();
        int steps = random.nextInt(80);
        List<Runnable> answers = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            int number = random.nextInt(KEYS);
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> release(drive, number, answers);
                case 3 -> {
                    settle(drive, answers);
                    drive.compact();
                }
                case 4 -> drive.prepareSpare();
                case 5 -> settle(drive, answers);
                default -> append(drive, number, answers);
            }
        }
        settle(drive, answers);
        if (random.nextInt(4) == 0) {
            drive.close();
            return true;
        }
        return false;
    }

    /** The keys whose operations wait for an answer are in doubt until it comes. */
    private void append(Drive drive, int number, List<Runnable> answers) {
        CompletableFuture<Void> done = drive.append(write(number));
        beliefs.merge(number, Belief.EITHER, (_, _) -> Belief.EITHER);
        answers.add(() -> answered(done, number, Belief.PRESENT));
    }

    private void release(Drive drive, int number, List<Runnable> answers) {
        CompletableFuture<Void> done = drive.releaseLater(List.of(key(number)));
        if (beliefs.getOrDefault(number, Belief.ABSENT) != Belief.ABSENT) {
            beliefs.put(number, Belief.EITHER);
        }
        answers.add(() -> answered(done, number, Belief.ABSENT));
    }

    private void answered(CompletableFuture<Void> done, int number, Belief belief) {
        if (done.isDone() && !done.isCompletedExceptionally()) {
            beliefs.put(number, belief);
        }
    }

    private static void settle(Drive drive, List<Runnable> answers) {
        boolean more = true;
        while (more) {
            more = drive.step();
        }
        answers.forEach(Runnable::run);
        answers.clear();
    }

    /** Opens the drive after a crash and compares; what is found now is certain from now on. */
    void check() {
        Drive drive = open();
        for (int number = 0; number < KEYS; number++) {
            boolean there = present(drive, number);
            Belief belief = beliefs.getOrDefault(number, Belief.ABSENT);
            if (belief == Belief.PRESENT && !there) {
                throw new AssertionError("shard " + number + " was acknowledged and is lost");
            }
            if (belief == Belief.ABSENT && there) {
                throw new AssertionError("shard " + number + " was released, or never written, and is there");
            }
            beliefs.put(number, there ? Belief.PRESENT : Belief.ABSENT);
        }
        if (!drive.damagedRanges().isEmpty()) {
            throw new AssertionError("a crash was taken for damage: " + drive.damagedRanges());
        }
        if (random.nextBoolean()) {
            drive.close();
        } else {
            disk.crash(SimulatedDisk.Crash.KILL, random);
        }
    }

    private static boolean present(Drive drive, int number) {
        byte[] wanted = content(number);
        ByteBuffer found = ByteBuffer.allocate(wanted.length);
        try {
            if (!drive.read(key(number), 0, found)) {
                return false;
            }
        } catch (RuntimeException fault) {
            throw new AssertionError("shard " + number + " is half there", fault);
        }
        if (!Arrays.equals(wanted, found.array()) || !drive.verify(key(number))) {
            throw new AssertionError("shard " + number + " has wrong bytes");
        }
        return true;
    }

    static ShardKey key(int number) {
        return new ShardKey(BlobId.of(1, number + 1), number % 3, number % 5);
    }

    static byte[] content(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] bytes = new byte[number % 4 == 0 ? 2048 + random.nextInt(9000) : random.nextInt(2000)];
        random.nextBytes(bytes);
        return bytes;
    }

    static ShardWrite write(int number) {
        byte[] content = content(number);
        return new ShardWrite(key(number), new byte[number], content, 0, content.length);
    }

    static DriveFault.Kind faultOf(CompletableFuture<Void> done) {
        return ((DriveFault) done.exceptionNow()).kind();
    }
}
