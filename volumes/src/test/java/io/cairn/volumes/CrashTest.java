package io.cairn.volumes;

import static io.cairn.volumes.SimulatedNode.A;
import static io.cairn.volumes.SimulatedNode.S;
import static io.cairn.volumes.SimulatedNode.V;
import static io.cairn.volumes.SimulatedNode.W;
import static io.cairn.volumes.SimulatedNode.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.testkit.Property;
import io.cairn.volumes.registry.RegistryFiles;
import io.cairn.volumes.spec.HolderId;
import io.cairn.volumes.spec.VolumeName;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The daemon is killed, or the power lost, before every step of every operation; then everything must be right. */
final class CrashTest {
    private static final int STEPS_MAX = 200;
    private static final Map<String, String> PLAIN = Map.of("size", "1G", "iops", "500");
    private static final Map<String, String> SECRET = Map.of("size", "1G", "fs", "xfs", "encrypted", "true");

    @TempDir
    Path temp;

    private int nodes;

    /** An operation, what must be there before it, and what must be true after it was interrupted. */
    enum Operation {
        CREATE(_ -> {}, node -> node.volumes().create(V, PLAIN), CrashTest::mayExist),
        CREATE_ENCRYPTED(_ -> {}, node -> node.volumes().create(V, SECRET), CrashTest::mayExist),
        HOLD(CrashTest::created, node -> node.volumes().hold(V, A), CrashTest::mayBeHeld),
        HOLD_ENCRYPTED(CrashTest::createdEncrypted, node -> node.volumes().hold(V, A), CrashTest::mayBeHeld),
        HOLD_AGAIN(CrashTest::held, node -> node.volumes().hold(V, A), CrashTest::mayBeHeld),
        RELEASE(CrashTest::held, node -> node.volumes().release(V, A), CrashTest::mayBeHeld),
        RELEASE_ENCRYPTED(
                node -> {
                    createdEncrypted(node);
                    done(node.volumes().hold(V, A));
                },
                node -> node.volumes().release(V, A),
                CrashTest::mayBeHeld),
        REMOVE(CrashTest::created, node -> node.volumes().remove(V, false), CrashTest::mayExist),
        REMOVE_WITH_SNAPSHOTS(CrashTest::snapshotted, node -> node.volumes().remove(V, true), CrashTest::mayExist),
        RESIZE(CrashTest::created, node -> node.volumes().resize(V, ByteCount.gibibytes(2)), CrashTest::hasOneSize),
        RESIZE_MOUNTED(
                CrashTest::held, node -> node.volumes().resize(V, ByteCount.gibibytes(2)), CrashTest::hasOneSize),
        SNAPSHOT(CrashTest::created, node -> node.volumes().snapshot(V, S, Duration.ofSeconds(1)), CrashTest::isThere),
        SNAPSHOT_MOUNTED(
                CrashTest::held, node -> node.volumes().snapshot(V, S, Duration.ofSeconds(1)), CrashTest::isThere),
        SNAPSHOT_COPIED(
                node -> {
                    node.kernel.reflinks = false;
                    held(node);
                },
                node -> node.volumes().snapshot(V, S, Duration.ofSeconds(1)),
                CrashTest::isThere),
        DELETE_SNAPSHOT(CrashTest::snapshotted, node -> node.volumes().deleteSnapshot(V, S), CrashTest::isThere),
        CLONE(
                CrashTest::held,
                node -> node.volumes().create(W, Map.of("from", "orders", "size", "2G")),
                CrashTest::isThere),
        CLONE_ENCRYPTED_SNAPSHOT(
                node -> {
                    createdEncrypted(node);
                    done(node.volumes().snapshot(V, S, Duration.ofSeconds(1)));
                    done(node.volumes().rotateKey(V));
                },
                node -> node.volumes().create(W, Map.of("from", "orders@s")),
                CrashTest::isThere),
        ROLLBACK(
                node -> {
                    snapshotted(node);
                    node.setContent(V, "written", "after");
                },
                node -> node.volumes().rollback(V, S),
                node -> {
                    isThere(node);
                    String written = node.content(V, "written");
                    assertTrue(List.of("", "after").contains(written), written);
                }),
        ROTATE_KEY(
                node -> {
                    createdEncrypted(node);
                    done(node.volumes().snapshot(V, S, Duration.ofSeconds(1)));
                },
                node -> node.volumes().rotateKey(V),
                node -> {
                    isThere(node);
                    done(node.volumes().rollback(V, S));
                }),
        ROTATE_MASTER_KEY(
                node -> {
                    createdEncrypted(node);
                    done(node.volumes().snapshot(V, S, Duration.ofSeconds(1)));
                },
                node -> node.volumes().rotateMasterKey(),
                node -> {
                    isThere(node);
                    done(node.volumes().rotateMasterKey());
                    done(node.volumes().rollback(V, S));
                }),
        TRIM(CrashTest::created, node -> node.volumes().trim(V), CrashTest::isThere);

        final Consumer<SimulatedNode> before;
        final Consumer<SimulatedNode> work;
        final Consumer<SimulatedNode> after;

        Operation(Consumer<SimulatedNode> before, Consumer<SimulatedNode> work, Consumer<SimulatedNode> after) {
            this.before = before;
            this.work = work;
            this.after = after;
        }
    }

    private static void created(SimulatedNode node) {
        done(node.volumes().create(V, PLAIN));
    }

    private static void createdEncrypted(SimulatedNode node) {
        done(node.volumes().create(V, SECRET));
    }

    private static void held(SimulatedNode node) {
        created(node);
        done(node.volumes().hold(V, A));
        node.startContainer("c", V);
    }

    private static void snapshotted(SimulatedNode node) {
        created(node);
        done(node.volumes().snapshot(V, S, Duration.ofSeconds(1)));
    }

    private static void mayExist(SimulatedNode node) {
        done(node.volumes().create(new VolumeName("other"), PLAIN));
        if (node.volumes().find(V).isEmpty()) {
            done(node.volumes().create(V, PLAIN));
        }
        isThere(node);
    }

    private static void mayBeHeld(SimulatedNode node) {
        isThere(node);
    }

    private static void hasOneSize(SimulatedNode node) {
        isThere(node);
        long size = node.volumes().find(V).orElseThrow().size().bytes();
        done(node.volumes().hold(V, new HolderId("size")));
        assertEquals(Long.toString(size), node.content(V, "fssize"));
        done(node.volumes().release(V, new HolderId("size")));
    }

    /** The volume is there, can be held, and is refused to be removed meanwhile. */
    private static void isThere(SimulatedNode node) {
        var probe = new HolderId("probe");
        Held held = done(node.volumes().hold(V, probe));
        assertTrue(Files.isDirectory(held.mountpoint()), "no data at " + held.mountpoint());
        assertEquals(
                Refusal.Reason.IN_USE,
                SimulatedNode.refused(node.volumes().remove(V, true)).reason());
        done(node.volumes().release(V, probe));
    }

    private SimulatedNode node() throws IOException {
        return new SimulatedNode(Files.createDirectory(temp.resolve("node-" + nodes++)));
    }

    @ParameterizedTest
    @EnumSource
    void operation_killedBeforeEveryStep_isPutRight(Operation operation) throws IOException {
        for (boolean power : new boolean[] {false, true}) {
            boolean killed = true;
            for (int step = 1; killed; step++) {
                assertTrue(step < STEPS_MAX, "never ends");
                try (SimulatedNode node = node()) {
                    operation.before.accept(node);
                    killed = node.killing(step, () -> operation.work.accept(node));
                    node.restart(power);
                    afterwards(node, operation.after);
                } catch (AssertionError | RuntimeException failure) {
                    throw new AssertionError(
                            operation + (power ? " power lost" : " killed") + " before step " + step, failure);
                }
            }
        }
    }

    private static void afterwards(SimulatedNode node, Consumer<SimulatedNode> after) {
        node.check();
        after.accept(node);
        node.check();
        List.copyOf(node.kernel.containers.keySet()).forEach(node::stopContainer);
        node.volumes().reconcile();
        node.passTime(Duration.ofMinutes(2));
        node.passTime(Duration.ofMinutes(2));
        assertTrue(node.volumes().list().stream().noneMatch(VolumeView::mounted), "held by nobody, and still mounted");
        node.removeAll();
    }

    /** The recovery itself is killed, again and again, a step later each time. */
    @Tag("slow")
    @ParameterizedTest
    @EnumSource(names = {"CREATE_ENCRYPTED", "RELEASE_ENCRYPTED", "REMOVE_WITH_SNAPSHOTS", "ROLLBACK", "ROTATE_KEY"})
    void recovery_killedToo_isPutRight(Operation operation) throws IOException {
        boolean killed = true;
        for (int step = 2; killed; step += 2) {
            try (SimulatedNode node = node()) {
                operation.before.accept(node);
                killed = node.killing(step, () -> operation.work.accept(node));
                node.kernel.killDaemon();
                node.volumes().close();
                boolean again = killed;
                for (int later = 1; again; later++) {
                    again = node.killing(later, node::open);
                    node.kernel.killDaemon();
                    node.volumes().close();
                }
                node.open();
                afterwards(node, operation.after);
            }
        }
    }

    @Test
    void operations_inAnyOrderWithKills_leaveEverythingRight() {
        Property.holds(40, random -> {
            try (SimulatedNode node = node()) {
                created(node);
                for (int i = 0; i < 12; i++) {
                    boolean killed = node.killing(1 + random.nextInt(40), () -> anything(node, random));
                    if (killed) {
                        node.restart(random.nextInt(3) == 0);
                    }
                    assertEquals(List.of(), node.kernel.violations);
                }
                node.restart(false);
                node.check();
                node.removeAll();
            }
        });
    }

    private static void anything(SimulatedNode node, SplittableRandom random) {
        VolumeName name = random.nextBoolean() ? V : W;
        var holder = new HolderId("h" + random.nextInt(2));
        Outcome<?> _ = switch (random.nextInt(11)) {
            case 0 -> node.volumes().create(name, random.nextBoolean() ? PLAIN : SECRET);
            case 1 -> node.volumes().create(W, Map.of("from", "orders"));
            case 2, 3 -> node.volumes().hold(name, holder);
            case 4, 5 -> node.volumes().release(name, holder);
            case 6 -> node.volumes().remove(name, true);
            case 7 -> node.volumes().resize(name, ByteCount.gibibytes(1 + random.nextInt(3)));
            case 8 -> node.volumes().snapshot(name, S, Duration.ofSeconds(1));
            case 9 -> node.volumes().rollback(name, S);
            default -> node.volumes().rotateKey(name);
        };
    }

    /** The control: with one intent left out, the harness must see the damage. */
    @Test
    void intentLeftOut_isNoticed() throws IOException {
        try (SimulatedNode node =
                new SimulatedNode(Files.createDirectory(temp.resolve("control")), CrashTest::forgetful)) {
            created(node);
            done(node.volumes().hold(V, A));
            node.restart(true);
            done(node.volumes().hold(V, A));
            assertThrows(AssertionError.class, node::check);
            assertTrue(
                    node.kernel.violations.getFirst().contains("without a check"), node.kernel.violations.toString());
        }
    }

    /** Never writes down that a filesystem is about to be mounted. */
    private static RegistryFiles forgetful(RegistryFiles files) {
        return (RegistryFiles) Proxy.newProxyInstance(
                RegistryFiles.class.getClassLoader(), new Class<?>[] {RegistryFiles.class}, (_, method, arguments) -> {
                    boolean intent = method.getName().equals("replace")
                            && new String((byte[]) arguments[1], StandardCharsets.UTF_8).contains("\"clean\" : false");
                    try {
                        return intent ? null : method.invoke(files, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
