package io.cairn.acceptance.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rounds of start, audit, load and crash on the same data, so that the recovery from a recovery is tested too. Ends at
 * the first audit that finds a breach. One thread; the writers have theirs.
 */
final class Campaign {
    private static final int WRITERS = 8;
    private static final int FULL_AUDIT_EVERY = 10;
    private static final int LOAD_MILLIS_MAX = 10_000;

    private final Ledger ledger = new Ledger();
    private final Races races = new Races(ledger);
    private final List<Writer> writers = new ArrayList<>();
    private final SplittableRandom random;
    private final Machine machine;
    private final Path scratch;
    private int writesMax = 120;
    private boolean made;

    Campaign(SplittableRandom random, Machine machine, Path scratch) {
        this.random = random;
        this.machine = machine;
        this.scratch = scratch;
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(ledger, races, "w" + i, random.split()));
        }
    }

    Campaign objectsUpTo(int bytes) {
        writers.forEach(writer -> writer.upTo(bytes));
        return this;
    }

    /** Bounds how many writes are acknowledged before the machine crashes. */
    Campaign writesUpTo(int writes) {
        writesMax = writes;
        return this;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Runs so many rounds and a last one of clean stops, and returns the breaches of promises, none if all is well. */
    List<String> run(int rounds) throws IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            try {
                round(round);
            } catch (Daemon.NoStartException refused) {
                ledger.breach("round " + round + ": " + refused.getMessage());
            }
            if (!ledger.breaches().isEmpty()) {
                return ledger.breaches();
            }
        }
        try {
            restartCleanly();
            restartCleanly();
        } catch (Daemon.NoStartException refused) {
            ledger.breach("after the last round: " + refused.getMessage());
        }
        System.out.println("after the last round: " + ledger);
        return ledger.breaches();
    }

    private void round(int round) throws IOException, InterruptedException {
        if (random.nextInt(8) == 0 && round > 1) {
            crashWhileStarting();
        }
        try (Daemon daemon = Daemon.launch(scratch, machine.data());
                S3Client client = daemon.listening()) {
            if (!made) {
                make(client);
            }
            boolean full = round % FULL_AUDIT_EVERY == 0;
            audit(client, full, round);
            if (ledger.breaches().isEmpty()) {
                load(daemon, client);
            }
        }
    }

    private void make(S3Client client) throws IOException {
        Answer answer = client.put("/" + Ledger.BUCKET, new byte[0]);
        if (!answer.done()) {
            throw new IOException("the bucket cannot be made: " + answer);
        }
        made = true;
    }

    private void audit(S3Client client, boolean full, int round) throws IOException, InterruptedException {
        SplittableRandom sample = random.split();
        new Audit(ledger, client).run(_ -> full || sample.nextInt(10) == 0);
        if (full) {
            System.out.println("round " + round + ": " + ledger);
        }
    }

    private void crashWhileStarting() throws IOException, InterruptedException {
        try (Daemon daemon = Daemon.launch(scratch, machine.data())) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
            machine.crash(daemon);
        }
    }

    private void load(Daemon daemon, S3Client client) throws IOException, InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            writers.forEach(writer -> threads.execute(() -> writer.work(client, stop)));
            awaitWrites(random.nextInt(writesMax));
            machine.crash(daemon);
            stop.set(true);
        }
        races.restart();
    }

    /** Waits for so many acknowledgements, then some moments: a crash falls anywhere between two of them. */
    private void awaitWrites(int count) throws InterruptedException {
        long goal = ledger.acknowledgedWrites() + count;
        for (int waited = 0; waited < LOAD_MILLIS_MAX && ledger.acknowledgedWrites() < goal; waited += 2) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(30_000));
    }

    private void restartCleanly() throws IOException, InterruptedException {
        try (Daemon daemon = Daemon.launch(scratch, machine.data());
                S3Client client = daemon.listening()) {
            new Audit(ledger, client).run(_ -> true);
            int status = daemon.stop();
            if (status != 0 && status != 128 + 15) {
                ledger.breach("a clean stop ended with status " + status);
            }
        }
    }
}
