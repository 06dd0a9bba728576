package io.cairn.acceptance.crash;

import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Keys that several writers create at once with {@code If-None-Match: *}: one of them wins, and a refusal shows that
 * somebody's write is there to stay. Thread-safe.
 */
final class Races {
    private static final int RUNNERS = 4;

    private final Ledger ledger;
    private Entry current;
    private int runners;
    private int count;

    Races(Ledger ledger) {
        this.ledger = ledger;
        this.current = ledger.track("race/0");
    }

    private synchronized Entry next() {
        if (runners == RUNNERS) {
            count++;
            current = ledger.track("race/" + count);
            runners = 0;
        }
        runners++;
        return current;
    }

    /** After a crash nobody runs on the old track. */
    synchronized void restart() {
        runners = RUNNERS;
    }

    void run(S3Client client, SplittableRandom random) throws IOException {
        Entry entry = next();
        Optional<Content> content = Optional.of(Content.single(random.nextLong(), random.nextInt(20_000)));
        entry.begin(content);
        Answer answer = client.put(entry.path(), content.orElseThrow().bytes(), "If-None-Match", "*");
        if (answer.done()) {
            ledger.acknowledge();
            if (!entry.settle(content)) {
                ledger.breach(entry.path() + " was created twice");
            }
        } else if (answer.status() == 412) {
            entry.refuse(content);
            entry.existsAlready();
        } else if (answer.status() != 409) {
            ledger.doubt();
        }
    }
}
