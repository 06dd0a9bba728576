package io.cairn.volumes;

import io.cairn.host.DirectoryEncryption;
import io.cairn.host.Encryption;
import io.cairn.host.Filesystems;
import io.cairn.host.Host;
import io.cairn.host.ImageFiles;
import io.cairn.host.LoopDevices;
import io.cairn.host.MountTable;
import io.cairn.host.Throttle;
import io.cairn.volumes.registry.RegistryFiles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of operations: every call that changes something of the host or the registry, with a place before each
 * where a test can stand. With the system property {@code cairn.volumes.haltAt=hold:3} the process is halted before the
 * third step of the first {@code hold}; without it nothing stands between the operations and the host.
 */
final class Steps {
    /** What a test does at a step. */
    @FunctionalInterface
    interface Hook {
        void before(String operation, String step);

        /** After an operation, also one that failed. */
        default void ended(String operation) {}
    }

    private static final String PROPERTY = "cairn.volumes.haltAt";
    private static final int KILLED = 137;

    private static final Set<String> READING = Set.of(
            "holding",
            "all",
            "entries",
            "at",
            "holders",
            "probe",
            "verify",
            "usage",
            "extents",
            "allocated",
            "reflinks",
            "space",
            "support",
            "headerSize",
            "test",
            "opened",
            "report",
            "read",
            "list",
            "toString",
            "hashCode",
            "equals");

    private final @Nullable Hook hook;
    private final ThreadLocal<String> operation = new ThreadLocal<>();

    private Steps(@Nullable Hook hook) {
        this.hook = hook;
    }

    /** No steps that anybody stands at. */
    static Steps none() {
        return new Steps(null);
    }

    static Steps with(Hook hook) {
        return new Steps(hook);
    }

    /** As the system property says. */
    static Steps fromProperty() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(Steps::halting)
                .orElseGet(Steps::none);
    }

    private static Steps halting(String text) {
        int colon = text.lastIndexOf(':');
        String operation = colon < 0 ? text : text.substring(0, colon);
        int number = colon < 0 ? 1 : Integer.parseInt(text.substring(colon + 1));
        return new Steps(new Halt(operation, number));
    }

    /** Halts before one step of the first operation of a name. Safe for many threads. */
    private static final class Halt implements Hook {
        private final String operation;
        private int left;

        Halt(String operation, int number) {
            this.operation = operation;
            this.left = number;
        }

        @Override
        public synchronized void before(String during, String step) {
            if (during.equals(operation) && --left == 0) {
                Runtime.getRuntime().halt(KILLED);
            }
        }

        @Override
        public synchronized void ended(String during) {
            if (during.equals(operation)) {
                left = 0;
            }
        }
    }

    /** Runs an operation under its name. */
    <T> T during(String name, Supplier<T> work) {
        if (hook == null) {
            return work.get();
        }
        String outer = operation.get();
        operation.set(outer == null ? name : outer);
        try {
            return work.get();
        } finally {
            if (outer == null) {
                operation.remove();
                hook.ended(name);
            }
        }
    }

    Host host(Host host) {
        return hook == null
                ? host
                : new Host(
                        stepped(LoopDevices.class, host.loops()),
                        stepped(MountTable.class, host.mounts()),
                        stepped(Filesystems.class, host.filesystems()),
                        stepped(ImageFiles.class, host.images()),
                        stepped(Encryption.class, host.encryption()),
                        stepped(DirectoryEncryption.class, host.directoryEncryption()),
                        stepped(Throttle.class, host.throttle()),
                        host.report());
    }

    RegistryFiles files(RegistryFiles files) {
        return hook == null ? files : stepped(RegistryFiles.class, files);
    }

    private <T> T stepped(Class<T> port, T target) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (_, method, arguments) -> {
                    if (hook != null && !READING.contains(method.getName())) {
                        hook.before(
                                Optional.ofNullable(operation.get()).orElse(""),
                                port.getSimpleName() + "." + method.getName());
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause() == null ? failed : failed.getCause();
                    }
                }));
    }
}
