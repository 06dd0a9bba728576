package io.cairn.cli;

import io.cairn.backup.point.Catalogue;
import io.cairn.backup.point.Partials;
import io.cairn.backup.point.PointId;
import io.cairn.backup.point.PointPart;
import io.cairn.backup.point.PointVerification;
import io.cairn.backup.point.RecoveryPoint;
import io.cairn.base.ByteCount;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.Verification;
import io.cairn.repository.store.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists, shows and verifies recovery points for the commands of {@code cairn backup}. One thread. */
final class PointCommands {
    private final Repository repository;
    private final PrintWriter out;
    private final boolean json;

    PointCommands(Repository repository, PrintWriter out, boolean json) {
        this.repository = repository;
        this.out = out;
        this.json = json;
    }

    /** Good points; others are named, too, because silence about them would be worse. */
    int list() {
        Catalogue.Listing listing = new Catalogue(repository).list();
        if (json) {
            print(listing.entries().stream().map(PointCommands::document).toList());
        } else {
            Table table = new Table("POINT", "POLICY", "HOST", "SIZE", "NEW", "PARTS", "STATE");
            listing.entries().forEach(entry -> {
                RecoveryPoint point = entry.point();
                table.row(
                        point.id().text(),
                        point.policy(),
                        point.host(),
                        ByteCount.of(point.bytes()).toString(),
                        ByteCount.of(point.newBytes()).toString(),
                        String.join(
                                ", ",
                                point.parts().stream().map(PointPart::name).toList()),
                        entry.isGood() ? "verified" : "DAMAGED: " + String.join("; ", entry.problems()));
            });
            table.print(out);
        }
        listing.unreadable().forEach((snapshot, why) -> out.println(snapshot + " cannot be read: " + why));
        out.flush();
        return listing.unreadable().isEmpty()
                        && listing.good().size() == listing.entries().size()
                ? 0
                : RepositoryOptions.DAMAGED;
    }

    private static Map<String, Object> document(Catalogue.Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>(entry.point().document());
        fields.put("pointSnapshot", entry.snapshot().id().toString());
        fields.put("good", entry.isGood());
        fields.put("problems", entry.problems());
        return fields;
    }

    /** What is left of runs that made no point. */
    int partials() {
        List<Partials.Partial> partials = new Partials(repository).list();
        if (json) {
            print(partials.stream()
                    .map(partial -> {
                        Map<String, Object> fields = new LinkedHashMap<>();
                        fields.put("id", partial.id().text());
                        fields.put("label", partial.label());
                        fields.put(
                                "snapshots",
                                partial.snapshots().stream()
                                        .map(s -> s.id().toString())
                                        .toList());
                        partial.record().ifPresent(record -> fields.put("run", record.document()));
                        return fields;
                    })
                    .toList());
            return 0;
        }
        Table table = new Table("RUN", "PARTS", "STATE");
        partials.forEach(partial -> table.row(
                partial.id().text(), String.valueOf(partial.snapshots().size()), "partial, " + partial.label()));
        table.print(out);
        return 0;
    }

    int collect(Duration grace) {
        List<PointId> removed = new Partials(repository).collect(grace);
        if (json) {
            print(removed.stream().map(PointId::text).toList());
        } else {
            out.println("removed what was left of " + removed.size() + " runs");
        }
        out.flush();
        return 0;
    }

    int show(String name) {
        Catalogue.Entry entry = new Catalogue(repository).find(name);
        if (json) {
            print(document(entry));
            return 0;
        }
        RecoveryPoint point = entry.point();
        out.println("recovery point " + point.id() + (point.policy().isEmpty() ? "" : " of policy " + point.policy())
                + " on " + point.host());
        out.println("  " + Json.time(point.begun()) + " to " + Json.time(point.ended()) + ", snapshot "
                + entry.snapshot().id().brief());
        for (PointPart part : point.parts()) {
            out.println("  " + part.name() + (entry.parts().containsKey(part.name()) ? "" : "  (NOT THERE)"));
            out.println("    " + part.files() + " files, " + ByteCount.of(part.bytes()) + ", new "
                    + ByteCount.of(part.newBytes()) + ", checksum " + part.tree());
            part.cut().forEach((fact, value) -> out.println("    " + fact + ": " + value));
            part.verified().ifPresent(v -> out.println("    verified " + Json.time(v.time())));
        }
        point.keys().forEach((key, says) -> out.println("  key " + key + ": " + says));
        entry.problems().forEach(problem -> out.println("  DAMAGED: " + problem));
        out.flush();
        return entry.isGood() ? 0 : RepositoryOptions.DAMAGED;
    }

    /** A point, what waits to become one, or a single snapshot. */
    int verify(String name, ProgressBar bar, PrintWriter err) {
        List<String> errors = new ArrayList<>();
        PointVerification verification = new PointVerification(repository, bar);
        Optional<Catalogue.Entry> entry = entry(name);
        long bytes;
        if (entry.isPresent() || PointId.isId(name)) {
            PointVerification.Result result = entry.isPresent()
                    ? verification.verify(entry.get())
                    : verification.finish(new PointId(name), List::of);
            result.errors().forEach((part, said) -> said.forEach(error -> errors.add(part + ": " + error)));
            bytes = result.bytes();
        } else {
            Snapshot snapshot = repository.snapshot(name);
            Progress progress = bar;
            Verification.Result result = new Verification(repository, progress).verify(snapshot);
            errors.addAll(result.errors());
            bytes = result.bytes();
        }
        bar.close();
        errors.forEach(error -> err.println("cairn: " + error));
        if (json) {
            print(Map.of("verified", name, "bytes", bytes, "errors", errors));
        } else {
            out.println((errors.isEmpty() ? "verified: " : "DAMAGED: ") + ByteCount.of(bytes) + " read back");
        }
        out.flush();
        return errors.isEmpty() ? 0 : RepositoryOptions.DAMAGED;
    }

    /** The point of that name; of {@code latest}, the newest one if there are any. */
    private Optional<Catalogue.Entry> entry(String name) {
        Catalogue.Listing listing = new Catalogue(repository).list();
        return name.equals("latest")
                ? listing.good().reversed().stream().findFirst()
                : listing.entries().stream()
                        .filter(entry -> entry.point().id().text().equals(name))
                        .findFirst();
    }

    private void print(Object value) {
        out.println(AdminClient.pretty(value));
        out.flush();
    }
}
