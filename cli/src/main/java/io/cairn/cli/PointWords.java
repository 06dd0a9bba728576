package io.cairn.cli;

import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.PointId;
import io.cairn.backup.point.PointPart;
import io.cairn.backup.point.RecoveryRun;
import io.cairn.backup.point.RunRecord;
import io.cairn.base.ByteCount;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.store.RepositoryFault;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Recovery points in words: how a run ended, and what people name a snapshot by. Stateless. */
final class PointWords {
    private PointWords() {}

    /** Prints how a run ended; the exit status of it. */
    static int report(CommandLine line, boolean json, RecoveryRun.Outcome outcome) {
        RunRecord record = outcome.record();
        if (json) {
            line.getOut().println(AdminClient.pretty(record.document()));
        } else {
            for (PointPart part : record.parts()) {
                line.getOut().println(partLine(part));
            }
            line.getOut()
                    .println(
                            switch (outcome) {
                                case RecoveryRun.Outcome.Complete complete ->
                                    "recovery point " + complete.point().id() + ": " + size(record.parts())
                                            + ", verified";
                                case RecoveryRun.Outcome.Unverified _ ->
                                    "run " + record.id() + ": " + size(record.parts())
                                            + ", not verified; `cairn backup verify " + record.id()
                                            + "` makes it a recovery point";
                                case RecoveryRun.Outcome.Failed _ ->
                                    "no recovery point: run " + record.id() + " failed";
                            });
        }
        line.getOut().flush();
        return switch (outcome) {
            case RecoveryRun.Outcome.Complete _, RecoveryRun.Outcome.Unverified _ -> 0;
            case RecoveryRun.Outcome.Failed failed ->
                switch (failed.trouble()) {
                    case INCOMPLETE -> RepositoryOptions.INCOMPLETE;
                    case SOURCE -> 1;
                    case DAMAGED -> RepositoryOptions.DAMAGED;
                };
        };
    }

    private static String partLine(PointPart part) {
        return "  " + part.name() + ": snapshot " + part.snapshot().brief() + ", " + part.files() + " files, "
                + ByteCount.of(part.bytes()) + ", new " + ByteCount.of(part.newBytes()) + ", stored "
                + ByteCount.of(part.storedBytes());
    }

    private static String size(List<PointPart> parts) {
        long bytes = parts.stream().mapToLong(PointPart::bytes).sum();
        return parts.size() + (parts.size() == 1 ? " part, " : " parts, ") + ByteCount.of(bytes);
    }

    /**
     * The snapshot of a name: an id of a snapshot, {@code latest}, or a part of a recovery point, written as
     * {@code 20261122_220000:postgres/db1:5432}; the part may be left out where there is one.
     */
    static Snapshot snapshot(Repository repository, String name) {
        int colon = name.indexOf(':');
        String id = colon < 0 ? name : name.substring(0, colon);
        if (!PointId.isId(id)) {
            return repository.snapshot(name);
        }
        Catalogue.Entry entry = new Catalogue(repository).find(id);
        if (colon < 0 && entry.point().parts().size() == 1) {
            return part(entry, entry.point().parts().getFirst().name());
        }
        String all = String.join(
                ", ",
                entry.point().parts().stream()
                        .map(part -> id + ":" + part.name())
                        .toList());
        if (colon < 0) {
            throw new RepositoryFault.Refused("recovery point " + id + " has several parts; name one: " + all);
        }
        String part = name.substring(colon + 1);
        if (entry.point().parts().stream().noneMatch(known -> known.name().equals(part))) {
            throw new RepositoryFault.Refused("recovery point " + id + " has no part " + part + "; it has " + all);
        }
        return part(entry, part);
    }

    private static Snapshot part(Catalogue.Entry entry, String name) {
        return Optional.ofNullable(entry.parts().get(name))
                .orElseThrow(() -> new RepositoryFault.Missing("the part " + name + " of recovery point "
                        + entry.point().id() + " is not in the repository any more"));
    }
}
