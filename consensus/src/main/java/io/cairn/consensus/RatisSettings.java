package io.cairn.consensus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The settings of Ratis that differ from its defaults, and why. Stateless. */
final class RatisSettings {
    /** One entry with the largest command, and room for what Ratis adds. */
    private static final int ENTRY_BYTES_MAX = RatisLogOptions.COMMAND_BYTES_MAX + (64 << 10);

    private static final List<String> HEAVY_CLASSES = List.of(
            "org.apache.ratis.server.impl.RaftServerImpl",
            "org.apache.ratis.server.impl.ServerState",
            "org.apache.ratis.server.raftlog.segmented.SegmentedRaftLog",
            "org.apache.ratis.proto.RaftProtos");

    private RatisSettings() {}

    /**
     * How long a member that has just started waits before it stands for election, and then for the votes. Alone it
     * need not wait. Of several one stands at once, when all others are up and can vote; they stand only if that fails.
     */
    record FirstElection(Duration min, Duration max) {
        static final FirstElection ALONE = new FirstElection(Duration.ofMillis(1), Duration.ofMillis(2));
        static final FirstElection FIRST = new FirstElection(Duration.ofMillis(120), Duration.ofMillis(200));

        static FirstElection later(RatisLogOptions options) {
            return new FirstElection(options.electionMin(), options.electionMax());
        }
    }

    /** Runs what a first start runs without touching a disk, so that its classes are loaded and initialised. */
    static void preload() {
        of(RatisLogOptions.defaults(), Path.of(""), FirstElection.ALONE);
        for (String name : HEAVY_CLASSES) {
            try {
                Class.forName(name);
            } catch (ClassNotFoundException moved) {
                throw new IllegalStateException("this version of Ratis has no " + name, moved);
            }
        }
    }

    static RaftProperties of(RatisLogOptions options, Path storage, FirstElection first) {
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, new InProcessRpcType());
        RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
        log(properties, options);
        times(properties, options, first);
        // Ratis would close the server after a pause of the JVM (a suspended machine); it steps down instead.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
        // Each batch is submitted once, under an id of its own: replies need not be kept for repeated calls.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        RaftServerConfigKeys.Write.setElementLimit(properties, 64);
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(64 << 20));
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setAutoTriggerThreshold(properties, options.snapshotEntries());
        Snapshot.setCreationGap(properties, 1L);
        Snapshot.setRetentionFileNum(properties, 1);
        return properties;
    }

    private static void log(RaftProperties properties, RatisLogOptions options) {
        SizeInBytes entry = SizeInBytes.valueOf(ENTRY_BYTES_MAX);
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(options.segmentBytes()));
        Log.setPreallocatedSize(properties, SizeInBytes.valueOf(Math.min(4 << 20, options.segmentBytes())));
        Log.Appender.setBufferByteLimit(properties, entry);
        Log.Appender.setBufferElementLimit(properties, 64);
        Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf(1 << 20));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + (64 << 10)));
        Log.setQueueByteLimit(properties, 16 << 20);
        Log.setSegmentCacheNumMax(properties, 2);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(32 << 20));
        // A follower that lags behind the purged log is caught up by a checkpoint.
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Log.setPurgeGap(properties, 1);
        // Our entries carry the committed index; Ratis's own would add an entry and a sync to each.
        Log.setLogMetadataEnabled(properties, false);
        // The state machine's flush hook runs, and must end, before each fsync of the log: the member's directory
        // check.
        Log.StateMachineData.setSync(properties, true);
        Log.setUnsafeFlushEnabled(properties, false);
        Log.setAsyncFlushEnabled(properties, false);
    }

    private static void times(RaftProperties properties, RatisLogOptions options, FirstElection first) {
        Rpc.setTimeoutMin(properties, time(options.electionMin()));
        Rpc.setTimeoutMax(properties, time(options.electionMax()));
        Rpc.setFirstElectionTimeoutMin(properties, time(first.min()));
        Rpc.setFirstElectionTimeoutMax(properties, time(first.max()));
        Rpc.setRequestTimeout(properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
        Rpc.setSleepTime(properties, TimeDuration.valueOf(100, TimeUnit.MILLISECONDS));
        Rpc.setSlownessTimeout(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
