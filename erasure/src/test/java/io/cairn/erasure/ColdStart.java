package io.cairn.erasure;

import io.cairn.base.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** A new process that encodes at once and again when the election is over; prints the kernel of each. */
final class ColdStart {
    private static final Duration ELECTION_MAX = Duration.ofSeconds(90);

    private ColdStart() {}

    public static void main(String[] arguments) {
        ErasureCode code = new ErasureCode(new ErasureScheme(4, 2));
        byte[][] data = new byte[4][256 << 10];
        for (int shard = 0; shard < data.length; shard++) {
            Arrays.fill(data[shard], (byte) (shard + 1));
        }
        String first = code.kernelName();
        byte[][] firstParity = new byte[2][256 << 10];
        code.encode(data, firstParity, 0, 256 << 10);
        awaitElection();
        byte[][] laterParity = new byte[2][256 << 10];
        String later = code.kernelName();
        code.encode(data, laterParity, 0, 256 << 10);
        System.out.println(
                first + " then " + later + " " + (Arrays.deepEquals(firstParity, laterParity) ? "equal" : "different"));
    }

    private static void awaitElection() {
        long start = Clock.system().nanos();
        while (electionRuns() && Clock.system().nanos() - start < ELECTION_MAX.toNanos()) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static boolean electionRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(ActiveKernel.ELECTION_THREAD));
    }
}
