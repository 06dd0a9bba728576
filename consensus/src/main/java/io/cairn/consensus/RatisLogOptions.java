package io.cairn.consensus;

import io.cairn.base.Checks;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import java.time.Duration;

/**
 * The settings of a {@link RatisLog}. {@link #defaults()} is right for one node; tests shorten the times.
 *
 * @param submitTimeout how long a submitter waits before its command's outcome is declared uncertain
 * @param leaderWait how long commands wait for a leader before they are refused
 * @param queueCommands the most commands that wait for a place in an entry
 * @param queueBytes the most command bytes that wait for a place in an entry
 * @param entriesInFlight the most entries that are submitted and not yet answered
 * @param snapshotEntries how many entries after the last snapshot the next one is taken
 * @param snapshotBytes how many bytes of commands after the last snapshot the next one is taken
 * @param segmentBytes the size at which a log segment is closed
 * @param electionMin the least silence of the leader after which a member stands for election
 * @param electionMax the greatest such silence
 * @param stallLimit how long a member's drive may take for one thing before the member is taken out, when the others
 *     are a majority
 * @param watch how often the presence of each member's directory is checked
 */
public record RatisLogOptions(
        Duration submitTimeout,
        Duration leaderWait,
        int queueCommands,
        int queueBytes,
        int entriesInFlight,
        int snapshotEntries,
        long snapshotBytes,
        int segmentBytes,
        Duration electionMin,
        Duration electionMax,
        Duration stallLimit,
        Duration watch,
        Clock clock,
        Entropy entropy) {
    /** The largest single command. */
    public static final int COMMAND_BYTES_MAX = 1536 * 1024;

    public RatisLogOptions {
        Checks.check(queueCommands > 0, "queueCommands > 0");
        Checks.check(queueBytes >= COMMAND_BYTES_MAX, "queueBytes holds the largest command");
        Checks.check(entriesInFlight > 0 && entriesInFlight <= 16, "entriesInFlight is 1 to 16");
        Checks.check(snapshotEntries > 0 && snapshotBytes > 0, "snapshots are taken");
        Checks.check(segmentBytes >= 64 * 1024, "segmentBytes >= 64 KiB");
        Checks.check(electionMax.compareTo(electionMin) > 0, "electionMax > electionMin");
    }

    public static RatisLogOptions defaults() {
        return new RatisLogOptions(
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                16_384,
                32 << 20,
                2,
                50_000,
                48L << 20,
                16 << 20,
                Duration.ofMillis(1500),
                Duration.ofMillis(3000),
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                Clock.system(),
                Entropy.secure());
    }

    /** The same with another number of entries in flight. */
    public RatisLogOptions withEntriesInFlight(int count) {
        return new RatisLogOptions(
                submitTimeout,
                leaderWait,
                queueCommands,
                queueBytes,
                count,
                snapshotEntries,
                snapshotBytes,
                segmentBytes,
                electionMin,
                electionMax,
                stallLimit,
                watch,
                clock,
                entropy);
    }

    /** The same with other limits on the log kept behind a snapshot. */
    public RatisLogOptions withSnapshots(int entries, long bytes, int segment) {
        return new RatisLogOptions(
                submitTimeout,
                leaderWait,
                queueCommands,
                queueBytes,
                entriesInFlight,
                entries,
                bytes,
                segment,
                electionMin,
                electionMax,
                stallLimit,
                watch,
                clock,
                entropy);
    }

    /** The same with other waiting times. */
    public RatisLogOptions withTimes(Duration submit, Duration leader, Duration min, Duration max, Duration watching) {
        return new RatisLogOptions(
                submit,
                leader,
                queueCommands,
                queueBytes,
                entriesInFlight,
                snapshotEntries,
                snapshotBytes,
                segmentBytes,
                min,
                max,
                stallLimit,
                watching,
                clock,
                entropy);
    }

    /** The same with another patience with drives that hang. */
    public RatisLogOptions withStallLimit(Duration limit) {
        return new RatisLogOptions(
                submitTimeout,
                leaderWait,
                queueCommands,
                queueBytes,
                entriesInFlight,
                snapshotEntries,
                snapshotBytes,
                segmentBytes,
                electionMin,
                electionMax,
                limit,
                watch,
                clock,
                entropy);
    }
}
