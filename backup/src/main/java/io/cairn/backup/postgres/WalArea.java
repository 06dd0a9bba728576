package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Checks;
import io.cairn.repository.Repository;
import io.cairn.repository.Shelf;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The archive of one cluster below {@code cairn/wal/}, see {@code docs/formats/wal-area.md}: pieces of WAL, histories
 * of timelines, gaps. Safe for use by many threads; only one receiver should write.
 */
public final class WalArea {
    private static final long FORMAT = 1;
    private static final int HEX = 16;

    private final Shelf shelf;
    private final SourceName name;
    private final String archive;
    private final Instant now;

    public WalArea(Repository repository, SourceName name) {
        this.shelf = new Shelf(repository, Area.WAL);
        this.name = name;
        this.archive = shelf.opaque(name.place());
        this.now = repository.actor().clock().now();
    }

    /** Whose WAL it is. */
    public record Head(String system, long segmentSize) {}

    /** WAL that the server no longer had. */
    public record Gap(WalRange range, Instant noticed, String reason) {
        @Override
        public String toString() {
            return "WAL from " + range + " is missing (" + range.length() + " bytes, noticed " + noticed + "): "
                    + reason;
        }
    }

    SourceName name() {
        return name;
    }

    /** How far the WAL of the latest timeline goes. */
    public static Optional<Lsn> last(Repository repository, SnapshotReader reader, WalArea area) {
        return area.head().flatMap(head -> {
            WalArchive archive = WalArchive.of(repository, reader, area, head.segmentSize());
            return archive.latestTimeline().flatMap(archive::last);
        });
    }

    /** Empty when there is no archive yet. */
    public Optional<Head> head() {
        try {
            Map<String, Object> head = object(archive + "-head");
            if (Json.number(head, "format") != FORMAT) {
                throw new SourceFault.Refused("the WAL archive of " + name + " has format "
                        + Json.number(head, "format") + ", which this program does not know: take a newer one");
            }
            return Optional.of(new Head(Json.text(head, "system"), Json.number(head, "segmentBytes")));
        } catch (RepositoryFault.Missing none) {
            return Optional.empty();
        }
    }

    /** Takes the archive for a cluster; refuses when it is another cluster's. */
    void claim(String system, long segmentSize) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("format", FORMAT);
        head.put("place", name.place());
        head.put("system", system);
        head.put("segmentBytes", segmentSize);
        head.put("created", Json.time(now));
        shelf.saveIfAbsent(archive + "-head", Json.write(head).getBytes(StandardCharsets.UTF_8));
        Head found = head().orElseThrow(() -> new RepositoryFault.Missing("the head of a WAL archive went away"));
        if (!found.equals(new Head(system, segmentSize))) {
            throw new SourceFault.Refused("the WAL archive of " + name + " belongs to the cluster with system id "
                    + found.system() + ", and the server has " + system
                    + "; give the new cluster another name or another repository, so that both histories stay whole");
        }
    }

    /** All pieces, by timeline and place. */
    List<WalRange> pieces() {
        return ranges("p");
    }

    private List<WalRange> ranges(String kind) {
        List<WalRange> ranges = new ArrayList<>();
        String prefix = archive + "-" + kind + "-";
        for (String file : shelf.names()) {
            if (file.startsWith(prefix)) {
                String[] parts = file.substring(prefix.length()).split("-");
                if (parts.length == 3) {
                    ranges.add(new WalRange(Long.parseLong(parts[0], HEX), lsn(parts[1]), lsn(parts[2])));
                }
            }
        }
        return ranges;
    }

    private static Lsn lsn(String hex) {
        return new Lsn(Long.parseUnsignedLong(hex, HEX));
    }

    private String file(String kind, WalRange range) {
        return String.format(
                Locale.ROOT,
                "%s-%s-%08x-%016x-%016x",
                archive,
                kind,
                range.timeline(),
                range.from().bytes(),
                range.to().bytes());
    }

    /** Stores a piece; it is durable on return. */
    void write(WalRange range, byte[] bytes, int offset) {
        shelf.save(file("p", range), bytes, offset, Math.toIntExact(range.length()));
    }

    byte[] read(WalRange piece) {
        byte[] bytes = shelf.load(file("p", piece));
        Checks.check(bytes.length == piece.length(), "a piece has the length that its name says");
        return bytes;
    }

    void delete(WalRange piece) {
        shelf.delete(file("p", piece));
    }

    /** All gaps, by timeline and place. */
    public List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        for (WalRange range : ranges("g")) {
            Map<String, Object> gap = object(file("g", range));
            gaps.add(new Gap(range, Json.instant(gap, "noticed"), Json.text(gap, "reason")));
        }
        return gaps;
    }

    void note(Gap gap) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("timeline", gap.range().timeline());
        document.put("from", gap.range().from().toString());
        document.put("to", gap.range().to().toString());
        document.put("noticed", Json.time(gap.noticed()));
        document.put("reason", gap.reason());
        shelf.saveIfAbsent(file("g", gap.range()), Json.write(document).getBytes(StandardCharsets.UTF_8));
    }

    void saveHistory(long timeline, byte[] content) {
        shelf.saveIfAbsent(String.format(Locale.ROOT, "%s-h-%08x", archive, timeline), content);
    }

    Optional<byte[]> history(long timeline) {
        try {
            return Optional.of(shelf.load(String.format(Locale.ROOT, "%s-h-%08x", archive, timeline)));
        } catch (RepositoryFault.Missing none) {
            return Optional.empty();
        }
    }

    private Map<String, Object> object(String file) {
        return Json.object(Json.read(shelf.load(file), file), file);
    }
}
