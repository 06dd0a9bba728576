package io.cairn.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Netty's leak detector at its most suspicious, with the findings kept instead of logged. */
final class LeakWatch {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int sampling, long max) {
                return detector(resource, sampling);
            }

            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int sampling) {
                return detector(resource, sampling);
            }
        });
    }

    private LeakWatch() {}

    /** Must run before the first use of Netty's buffers in the JVM. */
    static void install() {}

    private static <T> ResourceLeakDetector<T> detector(Class<T> resource, int sampling) {
        return new ResourceLeakDetector<>(resource, sampling) {
            @Override
            protected boolean needReport() {
                return true;
            }

            @Override
            protected void reportTracedLeak(String type, String records) {
                LEAKS.add(type + " was not released: " + records);
            }

            @Override
            protected void reportUntracedLeak(String type) {
                LEAKS.add(type + " was not released");
            }
        };
    }

    /** The leaks found since the last call. Objects must be collected to be found, hence the collection. */
    static List<String> findings() {
        System.gc();
        for (int i = 0; i < 3; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
        }
        List<String> found = List.copyOf(LEAKS);
        LEAKS.clear();
        return found;
    }
}
