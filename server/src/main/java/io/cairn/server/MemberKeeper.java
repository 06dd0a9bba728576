package io.cairn.server;

import io.cairn.base.Clock;
import io.cairn.consensus.RatisLog;
import io.cairn.engine.DriveView;
import io.cairn.engine.ObjectStore;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.LogStatus;
import io.cairn.model.Placement;
import io.cairn.model.StorageFault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the metadata log on as many healthy drives as it should be: starts a member again when its drive is back, puts
 * a member on another drive when its own is out of service or full for a while, makes one anew that is damaged on a
 * healthy drive, and adds members while the node has drives for them. Owns one thread.
 */
final class MemberKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberKeeper.class);
    private static final int MEMBERS_MAX = 3;
    private static final long INTERVAL_SECONDS = 2;
    private static final long STOP_SECONDS_MAX = 10;
    private static final long LASTING_NANOS = Duration.ofSeconds(10).toNanos();

    private final RatisLog log;
    private final ObjectStore store;
    private final Clock clock;
    private final Map<String, Long> deadSince = new HashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private MemberKeeper(RatisLog log, ObjectStore store, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.store = store;
        thread = Thread.ofPlatform().name("cairn-member-keeper").daemon(true).start(this::run);
    }

    static MemberKeeper start(RatisLog log, ObjectStore store, Clock clock) {
        return new MemberKeeper(log, store, clock);
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
            members.stream().filter(LogStatus.Member::alive).forEach(member -> deadSince.remove(member.name()));
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
        long now = clock.nanos();
        boolean lasting = now - deadSince.computeIfAbsent(dead.name(), _ -> now) > LASTING_NANOS;
        if (home.isPresent() && healthy(home.get())) {
            restart(dead, home.get(), members, lasting);
        } else if (lasting || home.isEmpty() || home.get().drive().state() == Placement.State.OUT) {
            spare(members).ifPresent(drive -> replace(dead, drive));
        }
    }

    /** In its own directory; when that does not hold the member any more, anew on a spare drive or in its place. */
    private void restart(LogStatus.Member dead, DriveView home, List<LogStatus.Member> members, boolean lasting) {
        try {
            log.restartMember(dead.name());
            LOG.info("metadata member {} was started again", dead.name());
        } catch (DriveFault | CorruptFault unusable) {
            boolean othersAlive = members.size() > 1
                    && members.stream()
                            .allMatch(member -> member.alive() || member.name().equals(dead.name()));
            if (!lasting || !othersAlive) {
                throw unusable;
            }
            LOG.warn("metadata member {} cannot be started again: {}", dead.name(), unusable.getMessage());
            replace(dead, spare(members).orElse(home));
        }
    }

    private void replace(LogStatus.Member dead, DriveView drive) {
        FormerMember.moveAside(drive.drive());
        log.replaceMember(dead.name(), MetadataLog.member(drive.drive()));
        LOG.info(
                "metadata member {} was replaced by one on drive {}",
                dead.name(),
                drive.drive().id());
    }

    private void add(DriveView drive) {
        FormerMember.moveAside(drive.drive());
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
            if (!thread.join(Duration.ofSeconds(STOP_SECONDS_MAX))) {
                LOG.warn("the member keeper did not stop within {} s", STOP_SECONDS_MAX);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
