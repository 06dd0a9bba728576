package io.cairn.engine;

import io.cairn.model.DriveId;
import io.cairn.model.Placement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Weighted rendezvous hashing: each group ranks every drive by a score of its own, so that a drive that leaves or joins
 * moves only the groups that it was, or becomes, part of. Scores are {@code -weight / ln(u)}, u being a hash of group
 * and drive in (0, 1) (Schindelhauer and Schomaker, 2005).
 */
final class Rendezvous {
    private Rendezvous() {}

    /** For each of {@code groups} groups the best {@code width} of the drives that are IN, best first. */
    static List<List<DriveId>> groups(int groups, int width, List<Placement.Drive> drives) {
        List<Placement.Drive> in = drives.stream()
                .filter(drive -> drive.state() == Placement.State.IN)
                .toList();
        List<List<DriveId>> map = new ArrayList<>(groups);
        for (int group = 0; group < groups; group++) {
            int of = group;
            map.add(in.stream()
                    .sorted(Comparator.comparingDouble((Placement.Drive drive) -> -score(of, drive))
                            .thenComparing(Placement.Drive::id))
                    .limit(width)
                    .map(Placement.Drive::id)
                    .toList());
        }
        return map;
    }

    private static double score(int group, Placement.Drive drive) {
        long hash = mix(drive.id().value().getMostSignificantBits() ^ mix(group + 1))
                ^ mix(drive.id().value().getLeastSignificantBits() + group);
        double u = ((mix(hash) >>> 11) + 0.5) * 0x1p-53;
        return -Math.max(1, drive.weight()) / Math.log(u);
    }

    /** The finaliser of SplitMix64. */
    static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
