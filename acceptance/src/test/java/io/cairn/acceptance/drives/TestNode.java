package io.cairn.acceptance.drives;

import io.cairn.engine.DriveView;
import io.cairn.engine.ObjectStore;
import io.cairn.model.LogStatus;
import io.cairn.model.Placement;
import io.cairn.model.Redundancy;
import io.cairn.model.StorageFault;
import io.cairn.server.Node;
import io.cairn.server.NodeOptions;
import io.cairn.server.Role;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A node in this process, as {@code cairn start} makes it, on free ports. Thread-safe. */
final class TestNode implements AutoCloseable {
    private final Node node;

    private TestNode(Node node) {
        this.node = node;
    }

    static TestNode start(List<Path> data, String redundancy) {
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        return new TestNode(Node.start(
                new NodeOptions(
                        data,
                        any,
                        any,
                        Set.of(Role.STORE),
                        Optional.empty(),
                        false,
                        List.of("localhost"),
                        "us-east-1",
                        redundancy.isEmpty() ? Optional.empty() : Optional.of(Redundancy.parse(redundancy)),
                        Optional.empty()),
                "test"));
    }

    ObjectStore store() {
        return node.store();
    }

    Client client(String bucket) {
        return Client.of(store(), bucket);
    }

    DriveView drive(Path path) {
        return store().drives().stream()
                .filter(view -> view.drive().path().equals(path.toString()))
                .findFirst()
                .orElseThrow();
    }

    boolean in(Path path) {
        return store().drives().stream()
                .anyMatch(view -> view.drive().path().equals(path.toString())
                        && view.drive().state() == Placement.State.IN
                        && view.space().isPresent()
                        && view.trouble().isEmpty());
    }

    /** Every metadata member is in service, and there are that many. */
    boolean members(int count) {
        List<LogStatus.Member> members = store().logStatus().members();
        return members.size() == count && members.stream().allMatch(LogStatus.Member::alive);
    }

    /** Nothing waits for repair, and the last pass over everything found nothing missing. */
    boolean healed() {
        var status = store().healing();
        return status.begun().isPresent()
                && !status.running()
                && status.missing() == 0
                && status.lost() == 0
                && store().repairsWaiting(1) == 0;
    }

    String state() {
        return store().drives().stream()
                        .map(view -> view.drive().path() + " " + view.drive().state() + " " + view.trouble())
                        .toList()
                + ", members " + store().logStatus().members() + ", " + store().healing() + ", "
                + store().repairsWaiting(100_000) + " repairs, " + store().reclaimsWaiting(100_000) + " reclaims";
    }

    void await(String what, Duration limit, BooleanSupplier condition) {
        await(what, limit, condition, this::state);
    }

    /** Waits for the real thing to happen, by looking every 50 ms. */
    static void await(String what, Duration limit, BooleanSupplier condition, Supplier<String> state) {
        long end = System.nanoTime() + limit.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what + "; " + state.get());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (StorageFault unavailable) {
            return false;
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
