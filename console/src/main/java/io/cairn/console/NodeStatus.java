package io.cairn.console;

import io.cairn.engine.HealStatus;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.ScrubStatus;
import io.cairn.model.LogStatus;
import io.cairn.model.Placement;
import io.cairn.model.StorageFault;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Everything that {@code cairn status} shows: health, placement, drives, metadata members, healing, scrub, queues. */
public record NodeStatus(
        String nodeId,
        String version,
        String status,
        List<String> problems,
        List<String> notices,
        double uptimeSeconds,
        long objects,
        long bytes,
        String small,
        String large,
        long placementVersion,
        List<DriveInfo> drives,
        List<MemberInfo> members,
        HealInfo healing,
        ScrubInfo scrub,
        int repairsWaiting,
        int reclaimsWaiting,
        long uploadMemoryBytes) {
    private static final int COUNTED_MAX = 10_000;

    /** A member of the metadata log. */
    public record MemberInfo(String name, boolean alive, boolean leader, long appliedIndex, String failure) {}

    /** The present or last heal pass. */
    public record HealInfo(boolean running, long objects, long blobsChecked, long rebuilt, long missing, long lost) {}

    /** The present or last scrub round. */
    public record ScrubInfo(boolean running, long blobs, long bytes, long rebuilt, long lost) {}

    static NodeStatus of(ObjectStore store, Health.Report health) {
        Placement placement = store.placement();
        HealStatus heal = store.healing();
        ScrubStatus scrub = store.scrubbing();
        return new NodeStatus(
                health.nodeId(),
                health.version(),
                health.status(),
                health.problems(),
                health.notices(),
                health.uptimeSeconds(),
                health.objects(),
                health.bytes(),
                placement.small().toString(),
                placement.large().toString(),
                placement.version(),
                DriveInfo.all(store),
                members(store.logStatus()),
                new HealInfo(
                        heal.running(),
                        heal.objects(),
                        heal.blobsChecked(),
                        heal.rebuilt(),
                        heal.missing(),
                        heal.lost()),
                new ScrubInfo(
                        scrub.begun().isPresent() && scrub.ended().isEmpty(),
                        scrub.blobs(),
                        scrub.bytes(),
                        scrub.rebuilt(),
                        scrub.lost()),
                counted(store::repairsWaiting),
                counted(store::reclaimsWaiting),
                store.uploadMemoryTaken());
    }

    /** What waits, as far as the metadata tells at the moment. */
    private static int counted(IntUnaryOperator waiting) {
        try {
            return waiting.applyAsInt(COUNTED_MAX);
        } catch (StorageFault unavailable) {
            return 0;
        }
    }

    private static List<MemberInfo> members(LogStatus status) {
        List<MemberInfo> members = new java.util.ArrayList<>();
        for (int i = 0; i < status.members().size(); i++) {
            LogStatus.Member member = status.members().get(i);
            members.add(new MemberInfo(
                    member.name(), member.alive(), i == status.leader(), member.appliedIndex(), member.failure()));
        }
        return members;
    }
}
