package io.cairn.benchmarks;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.erasure.ErasureCode;
import io.cairn.erasure.ErasureScheme;
import io.cairn.testkit.Isal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Erasure coding on one core: our scalar kernel, our elected kernel and Intel's ISA-L in one run, in GB of data (not
 * parity) per second of thread CPU time, best and median of batches that take turns. Also how long the first stripe of
 * a process takes, and when the vector kernel takes over. Needs {@code --add-modules=jdk.incubator.vector
 * --enable-native-access=ALL-UNNAMED}; an argument names another of ISA-L's encoders; prints a Markdown table.
 */
public final class ErasureBench {
    private static final int BATCHES = 40;
    private static final long BATCH_NANOS = Duration.ofMillis(30).toNanos();
    private static final Duration ELECTION_MAX = Duration.ofSeconds(100);
    private static final List<ErasureScheme> SCHEMES = List.of(new ErasureScheme(4, 2), new ErasureScheme(8, 4));
    private static final int[] SHARD_KIB = {256, 1024};

    private final Clock clock = Clock.system();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private final String isalEncoder;

    private ErasureBench(String isalEncoder) {
        this.isalEncoder = isalEncoder;
    }

    public static void main(String[] arguments) {
        ErasureBench bench = new ErasureBench(arguments.length == 0 ? Isal.ENCODER : arguments[0]);
        bench.coldStart();
        System.out.println();
        System.out.println(
                "| scheme | shard | operation | scalar | elected | ISA-L | elected/scalar | elected/ISA-L |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (ErasureScheme scheme : SCHEMES) {
            for (int kib : SHARD_KIB) {
                bench.compare(scheme, kib << 10);
            }
        }
    }

    /** The first stripes of this process, by wall time, and the wait for the election. */
    private void coldStart() {
        Stripe stripe = new Stripe(new ErasureScheme(4, 2), 1 << 18);
        long start = clock.nanos();
        ErasureCode code = new ErasureCode(stripe.scheme);
        System.out.printf(Locale.ROOT, "code made:         %8.2f ms%n", millisSince(start));
        for (int i = 1; i <= 5; i++) {
            String kernel = code.kernelName();
            long begin = clock.nanos();
            stripe.encode(code);
            System.out.printf(Locale.ROOT, "1 MiB stripe %d:    %8.2f ms, %s kernel%n", i, millisSince(begin), kernel);
        }
        long slowest = encodeUntilElected(stripe, code, start);
        System.out.printf(
                Locale.ROOT,
                "%s took over: %6.0f ms after the start; slowest stripe meanwhile %.2f ms%n",
                code.kernelName(),
                millisSince(start),
                slowest / 1e6);
    }

    private long encodeUntilElected(Stripe stripe, ErasureCode code, long start) {
        long slowest = 0;
        String first = code.kernelName();
        while (code.kernelName().equals(first) && clock.nanos() - start < ELECTION_MAX.toNanos()) {
            long begin = clock.nanos();
            stripe.encode(code);
            slowest = Math.max(slowest, clock.nanos() - begin);
            LockSupport.parkNanos(1_000_000);
        }
        return slowest;
    }

    private double millisSince(long start) {
        return (clock.nanos() - start) / 1e6;
    }

    private void compare(ErasureScheme scheme, int length) {
        Stripe stripe = new Stripe(scheme, length);
        ErasureCode scalar = ErasureCode.scalar(scheme);
        ErasureCode elected = new ErasureCode(scheme);
        Optional<Isal> isal = stripe.inIsal(isalEncoder);
        List<Runnable> encoders = new ArrayList<>();
        encoders.add(() -> stripe.encode(scalar));
        encoders.add(() -> stripe.encode(elected));
        isal.ifPresent(theirs -> encoders.add(theirs::encode));
        print(stripe, "encode", measure(stripe.dataBytes(), encoders));
        isal.ifPresent(stripe::expectSameParity);
        for (int losses : new int[] {1, scheme.parity()}) {
            List<Runnable> decoders =
                    List.of(() -> stripe.reconstruct(scalar, losses), () -> stripe.reconstruct(elected, losses));
            print(stripe, "rebuild " + losses, measure(stripe.dataBytes(), decoders));
        }
    }

    /** Takes turns, so that a change of the machine's mood meets all of them. */
    private List<Sample> measure(long bytes, List<Runnable> operations) {
        double[][] rates = new double[operations.size()][BATCHES];
        for (int batch = 0; batch < BATCHES; batch++) {
            for (int i = 0; i < rates.length; i++) {
                rates[i][batch] = gigabytesPerSecond(bytes, operations.get(i));
            }
        }
        return Arrays.stream(rates).map(Sample::of).toList();
    }

    private double gigabytesPerSecond(long bytes, Runnable operation) {
        long start = threads.getCurrentThreadCpuTime();
        long runs = 0;
        long nanos;
        do {
            operation.run();
            runs++;
            nanos = threads.getCurrentThreadCpuTime() - start;
        } while (nanos < BATCH_NANOS);
        return (double) bytes * runs / nanos;
    }

    private static void print(Stripe stripe, String operation, List<Sample> samples) {
        Sample scalar = samples.get(0);
        Sample elected = samples.get(1);
        Optional<Sample> isal = samples.stream().skip(2).findFirst();
        System.out.printf(
                Locale.ROOT,
                "| %s | %d KiB | %s | %s | %s | %s | %.1f | %s |%n",
                stripe.scheme,
                stripe.length >> 10,
                operation,
                scalar,
                elected,
                isal.map(Sample::toString).orElse("-"),
                elected.median / scalar.median,
                isal.map(theirs -> String.format(Locale.ROOT, "%.2f", elected.median / theirs.median))
                        .orElse("-"));
    }

    /** Rates of one operation in GB/s. */
    private record Sample(double median, double best) {
        static Sample of(double[] rates) {
            double[] sorted = rates.clone();
            Arrays.sort(sorted);
            return new Sample(sorted[sorted.length / 2], sorted[sorted.length - 1]);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f (best %.2f)", median, best);
        }
    }

    /** The shards of one stripe, filled at random. */
    private static final class Stripe {
        private final ErasureScheme scheme;
        private final int length;
        private final byte[][] data;
        private final byte[][] parity;
        private final byte[][] shards;

        Stripe(ErasureScheme scheme, int length) {
            this.scheme = scheme;
            this.length = length;
            data = new byte[scheme.data()][length];
            parity = new byte[scheme.parity()][length];
            Entropy entropy = Entropy.seeded(length);
            for (byte[] shard : data) {
                entropy.fill(shard);
            }
            shards = Arrays.copyOf(data, scheme.shards());
            System.arraycopy(parity, 0, shards, scheme.data(), scheme.parity());
        }

        long dataBytes() {
            return (long) scheme.data() * length;
        }

        void encode(ErasureCode code) {
            code.encode(data, parity, 0, length);
        }

        /** Computes the first data shards from the others, over bytes that are the same. */
        void reconstruct(ErasureCode code, int lost) {
            boolean[] present = new boolean[scheme.shards()];
            Arrays.fill(present, lost, present.length, true);
            code.reconstruct(shards, present, 0, length);
        }

        Optional<Isal> inIsal(String encoder) {
            Optional<Isal> isal = Isal.stripe(encoder, scheme.data(), scheme.parity(), length);
            isal.ifPresent(theirs -> {
                for (int shard = 0; shard < scheme.data(); shard++) {
                    theirs.data(shard, data[shard]);
                }
            });
            return isal;
        }

        void expectSameParity(Isal isal) {
            for (int shard = 0; shard < scheme.parity(); shard++) {
                if (!Arrays.equals(parity[shard], isal.parity(shard))) {
                    throw new IllegalStateException(
                            "parity shard " + shard + " differs from ISA-L's, scheme " + scheme);
                }
            }
        }
    }
}
