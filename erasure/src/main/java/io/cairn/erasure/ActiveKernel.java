package io.cairn.erasure;

import io.cairn.base.Clock;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The kernel in use: the scalar one at once, and the elected one from the moment it has proved faster. Thread-safe: one
 * volatile reference, changed at most once.
 */
final class ActiveKernel {
    static final String ELECTION_THREAD = "erasure-kernel-election";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private volatile Kernel kernel;

    ActiveKernel(Kernel first) {
        kernel = first;
    }

    /** The one of this process; its election starts with the first call, in the background. */
    static ActiveKernel shared() {
        return Shared.INSTANCE;
    }

    /** The kernel to use for one call; to be asked again for the next. */
    Kernel kernel() {
        return kernel;
    }

    /**
     * Starts the election on a background thread of its own, which does not keep the process alive. Should a candidate
     * compute wrong bytes, the thread dies loudly and the kernel in use stays.
     */
    Thread elect(KernelElection election, Supplier<List<Kernel>> candidates) {
        return Thread.ofPlatform()
                .name(ELECTION_THREAD)
                .daemon(true)
                .start(() -> election.elect(candidates.get()).ifPresent(winner -> kernel = winner));
    }

    /** The vector kernels, or none where the runtime was started without the Vector API. */
    static List<Kernel> vectorKernels() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent() ? VectorKernels.define() : List.of();
    }

    /** Initialised on first use. */
    private static final class Shared {
        static final ActiveKernel INSTANCE = start();

        private static ActiveKernel start() {
            Kernel scalar = new ScalarKernel();
            ActiveKernel active = new ActiveKernel(scalar);
            active.elect(
                    new KernelElection(Clock.system(), LockSupport::parkNanos, scalar), ActiveKernel::vectorKernels);
            return active;
        }
    }
}
