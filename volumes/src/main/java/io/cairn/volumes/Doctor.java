package io.cairn.volumes;

import io.cairn.host.Enforcement;
import io.cairn.host.HostReport;
import io.cairn.host.Support;
import io.cairn.volumes.Finding.Grade;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.registry.Pool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What volumes on this host can rely on: pools, limits, encryption, keys. Reads only. */
final class Doctor {
    private final Core core;
    private final PoolGuard guard;
    private final StatusReport status;

    Doctor(Core core, PoolGuard guard, StatusReport status) {
        this.core = core;
        this.guard = guard;
        this.status = status;
    }

    List<Finding> examine(Reconciliation last) {
        var findings = new ArrayList<Finding>();
        core.pools().all().forEach(pool -> pool(pool, findings));
        List<Path> directories =
                core.pools().all().stream().map(Pool::directory).toList();
        for (HostReport.Fact fact : core.host().report().facts(directories)) {
            findings.add(new Finding(fact.well() ? Grade.GOOD : Grade.LIMITED, fact.subject(), fact.text()));
        }
        findings.add(limits());
        findings.add(encryption());
        findings.add(keys());
        for (String problem : last.problems()) {
            findings.add(new Finding(Grade.BAD, "registry", problem));
        }
        return findings;
    }

    private void pool(Pool pool, List<Finding> findings) {
        PoolStatus now = guard.status(pool);
        String subject = "pool " + pool.name();
        if (!now.problem().isEmpty()) {
            findings.add(new Finding(Grade.BAD, subject, now.problem()));
            return;
        }
        Grade grade = switch (now.level()) {
            case OK -> Grade.GOOD;
            case LOW -> Grade.LIMITED;
            case CRITICAL, EXHAUSTED -> Grade.BAD;
        };
        findings.add(new Finding(
                grade,
                subject,
                "%s of %s free at %s, promised %s of at most %s, ballast %s"
                        .formatted(
                                now.available(),
                                now.size(),
                                now.directory(),
                                now.committed(),
                                now.committedMax(),
                                now.ballast())));
        findings.add(
                now.reflinks()
                        ? new Finding(
                                Grade.GOOD, subject, "snapshots share blocks and hold writers off for milliseconds")
                        : new Finding(
                                Grade.LIMITED,
                                subject,
                                "no reflinks: snapshots and clones are copies, made while writers wait; put the pool on"
                                        + " XFS or btrfs"));
        Optional<String> beside = status.keyBeside(pool);
        beside.ifPresent(text -> findings.add(new Finding(Grade.LIMITED, subject, text)));
    }

    private Finding limits() {
        return switch (core.host().throttle().support()) {
            case Enforcement.Total(String group) ->
                new Finding(Grade.GOOD, "limits", "hold over all containers in total, by cgroup v2 (" + group + ")");
            case Enforcement.DirectOnly(String group) ->
                new Finding(
                        Grade.LIMITED,
                        "limits",
                        "hold for direct I/O only, per container, by cgroup v1 (" + group
                                + "): volumes with limits need limits=direct; boot with cgroup v2 for all of it");
            case Enforcement.Unavailable(String reason) -> new Finding(Grade.LIMITED, "limits", "none: " + reason);
        };
    }

    private Finding encryption() {
        return switch (core.host().encryption().support()) {
            case Support.Available() -> new Finding(Grade.GOOD, "encryption", "LUKS2 by device-mapper");
            case Support.Missing(String reason) ->
                new Finding(
                        Grade.LIMITED,
                        "encryption",
                        "no LUKS2: " + reason + "; a class with allow-fscrypt encrypts files in place of it");
        };
    }

    private Finding keys() {
        try {
            String words = core.keys().describe();
            Optional<String> current = core.keys().currentKeyId();
            if (current.isEmpty() && !VolumeKeys.inUse(core).isEmpty()) {
                return new Finding(
                        Grade.BAD,
                        "master key",
                        words + " is gone, and encrypted volumes need it: put it back from its export");
            }
            String id = current.map(key -> ", now " + key).orElse(", none made yet");
            return new Finding(Grade.GOOD, "master key", words + id);
        } catch (KeyFault lost) {
            boolean needed = !VolumeKeys.inUse(core).isEmpty();
            return new Finding(needed ? Grade.BAD : Grade.LIMITED, "master key", lost.getMessage());
        }
    }
}
