package io.cairn.server;

import io.cairn.consensus.RatisLog;
import io.cairn.consensus.RatisMember;
import io.cairn.engine.DriveView;
import io.cairn.engine.ObjectStore;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.LogStatus;
import io.cairn.model.Placement;
import io.cairn.model.StorageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the metadata log on as many healthy drives as it should be: starts a member again when its drive is back, puts
 * a member on another drive when its own is out of service, makes one anew that is damaged on a healthy drive, and adds
 * members while the node has drives for them. Owns one thread.
 */
final class MemberKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberKeeper.class);
    private static final int MEMBERS_MAX = 3;
    private static final long INTERVAL_SECONDS = 2;
    private static final long STOP_SECONDS_MAX = 10;
    private static final int REFUSALS_MAX = 3;

    private final RatisLog log;
    private final ObjectStore store;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private int refusals;

    private MemberKeeper(RatisLog log, ObjectStore store) {
        this.log = log;
        this.store = store;
        thread = Thread.ofPlatform().name("cairn-member-keeper").daemon(true).start(this::run);
    }

    static MemberKeeper start(RatisLog log, ObjectStore store) {
        return new MemberKeeper(log, store);
    }

    private void run() {
        try {
            while (!stopping.await(INTERVAL_SECONDS, TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException ended) {
            LOG.debug("the member keeper was interrupted");
        }
    }

    private void look() {
        try {
            List<LogStatus.Member> members = log.status().members();
            Optional<LogStatus.Member> dead =
                    members.stream().filter(member -> !member.alive()).findFirst();
            if (dead.isPresent()) {
                mend(dead.get(), members);
            } else if (members.size() < MEMBERS_MAX && members.size() != wanted()) {
                spare(members).ifPresent(this::add);
            }
        } catch (StorageFault fault) {
            LOG.warn("metadata members: {}", fault.getMessage());
        }
    }

    /** Three members on three and more drives, else one. */
    private int wanted() {
        long healthy = store.drives().stream().filter(MemberKeeper::healthy).count();
        return healthy >= MEMBERS_MAX ? MEMBERS_MAX : 1;
    }

    private void mend(LogStatus.Member dead, List<LogStatus.Member> members) {
        Optional<DriveView> home = store.drives().stream()
                .filter(view -> view.drive().id().toString().equals(dead.name()))
                .findFirst();
        if (home.isPresent() && healthy(home.get())) {
            restart(dead, MetadataLog.member(home.get().drive()), members);
        } else if (home.isEmpty() || home.get().drive().state() == Placement.State.OUT) {
            spare(members).ifPresent(drive -> {
                log.replaceMember(dead.name(), MetadataLog.member(drive.drive()));
                LOG.info(
                        "metadata member {} was replaced by one on drive {}",
                        dead.name(),
                        drive.drive().id());
            });
        }
    }

    /** A member that is damaged on a healthy drive is made anew there, from what the others hold. */
    private void restart(LogStatus.Member dead, RatisMember home, List<LogStatus.Member> members) {
        try {
            log.restartMember(dead.name());
            refusals = 0;
            LOG.info("metadata member {} was started again", dead.name());
        } catch (CorruptFault | DriveFault refusal) {
            refusals++;
            boolean othersAlive = members.size() > 1
                    && members.stream()
                            .allMatch(member -> member.alive() || member.name().equals(dead.name()));
            if (refusals < REFUSALS_MAX || !othersAlive) {
                throw refusal;
            }
            setAside(home);
            log.replaceMember(dead.name(), home);
            refusals = 0;
            LOG.warn("metadata member {} was made anew from the others: {}", dead.name(), refusal.getMessage());
        }
    }

    /** Keeps what is damaged for whoever wants to look, the latest only. */
    private static void setAside(RatisMember member) {
        Path directory = member.directory();
        Path aside = directory.resolveSibling(directory.getFileName() + ".damaged");
        try {
            if (Files.exists(directory)) {
                delete(aside);
                Files.move(directory, aside);
            }
        } catch (IOException failure) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN, "the damaged " + directory + " cannot be moved away: " + failure, failure);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void add(DriveView drive) {
        log.addMember(MetadataLog.member(drive.drive()));
        LOG.info("a metadata member was added on drive {}", drive.drive().id());
    }

    private Optional<DriveView> spare(List<LogStatus.Member> members) {
        Set<String> taken = members.stream().map(LogStatus.Member::name).collect(Collectors.toSet());
        return store.drives().stream()
                .filter(MemberKeeper::healthy)
                .filter(view -> !taken.contains(view.drive().id().toString()))
                .findFirst();
    }

    private static boolean healthy(DriveView view) {
        return view.space().isPresent()
                && view.trouble().isEmpty()
                && view.drive().state() == Placement.State.IN;
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!thread.join(java.time.Duration.ofSeconds(STOP_SECONDS_MAX))) {
                LOG.warn("the member keeper did not stop within {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
