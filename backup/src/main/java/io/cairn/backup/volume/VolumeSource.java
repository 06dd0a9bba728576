package io.cairn.backup.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.backup.Cut;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.backup.Taken;
import io.cairn.base.Clock;
import io.cairn.repository.Backup;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.store.Json;
import io.cairn.repository.tree.Node;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One volume, as the image of a snapshot that is taken for this backup: consistent as after a sync, while the volume
 * stays in use. Below its path: {@code image}, in pages, with its holes; and {@code about.json}. The snapshot is kept
 * until the next backup: what changed between the two is all that is read then, on a pool with reflinks. An encrypted
 * volume is stored as it lies on the disk, so it needs its key again after a restore. One use, one thread.
 */
public final class VolumeSource implements Source {
    /** The attribute of the image that names the snapshot it was read from. */
    static final String SNAPSHOT = "user.cairn.snapshot";

    private static final String PREFIX = "backup-";
    private static final int KEEPER_DIGITS = 8;
    private static final int IMAGE_PERMISSIONS = 0600;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss_SSS").withZone(ZoneOffset.UTC);

    private final String volume;
    private final VolumeControl control;
    private final Clock clock;
    private final SourceName name;
    private String prefix = PREFIX;
    private Optional<VolumeControl.Shot> taken = Optional.empty();

    private VolumeSource(String volume, VolumeControl control, Clock clock) {
        this.volume = volume;
        this.control = control;
        this.clock = clock;
        this.name = new SourceName("volume", volume);
    }

    /** From the name of a volume that is an image. */
    public static VolumeSource open(String volume, VolumeControl control, Clock clock) {
        return new VolumeSource(volume, control, clock);
    }

    @Override
    public SourceName name() {
        return name;
    }

    /**
     * Each repository has snapshots of its own to go on from, and cleans up only those. When the copy is durable, the
     * volume's status shows its time, and the snapshot before goes.
     */
    @Override
    public Taken take(Backup backup) {
        prefix = PREFIX + backup.repositoryId().substring(0, KEEPER_DIGITS) + "-";
        Taken result = Source.super.take(backup);
        control.backedUp(volume, clock.now());
        cleanUp(taken);
        return result;
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Instant begun = clock.now();
        VolumeControl.About about = control.about(volume);
        String path = name.path() + "/image";
        Optional<Node> earlier = tree.earlier(path);
        Optional<VolumeControl.Shot> base = earlier.flatMap(this::base);
        cleanUp(base);
        VolumeControl.Shot shot = control.snapshot(volume, prefix + TIME.format(begun));
        taken = Optional.of(shot);
        Reading reading = reading(tree, earlier, base, shot);
        VolumeControl.Difference difference = reading.difference();
        Map<String, byte[]> mark = Map.of(SNAPSHOT, mark(shot).getBytes(UTF_8));
        var entry = new TreeBuilder.Entry(IMAGE_PERMISSIONS, 0, 0, begun, mark);
        try (FileChannel image = FileChannel.open(difference.image(), StandardOpenOption.READ)) {
            Node _ = tree.changed(
                    path,
                    entry,
                    difference.size(),
                    reading.from(),
                    difference.ranges(),
                    (target, at, length, position) -> read(image, target, at, length, position));
        } catch (IOException | UncheckedIOException failed) {
            throw new SourceFault.Unreachable(
                    "cannot read the image of volume '" + volume + "': " + failed.getMessage(), failed);
        }
        Map<String, String> facts = facts(about, shot, reading);
        about(tree, begun, facts);
        return new Cut(begun, clock.now(), facts);
    }

    /** What is read, and the node that the rest comes from. */
    private record Reading(VolumeControl.Difference difference, Optional<Node> from) {}

    private Reading reading(
            TreeBuilder tree, Optional<Node> earlier, Optional<VolumeControl.Shot> base, VolumeControl.Shot shot) {
        if (base.isPresent()) {
            VolumeControl.Difference difference =
                    control.changes(volume, base.map(VolumeControl.Shot::name), shot.name());
            if (difference.exact() && tree.goesOn(earlier.orElseThrow(), difference.size())) {
                return new Reading(difference, earlier);
            }
        }
        return new Reading(control.changes(volume, Optional.empty(), shot.name()), Optional.empty());
    }

    /** The snapshot that an earlier image was read from, when it is still there and still the same. */
    private Optional<VolumeControl.Shot> base(Node earlier) {
        byte[] mark = earlier.extended().getOrDefault(SNAPSHOT, new byte[0]);
        return control.snapshots(volume).stream()
                .filter(shot -> mark(shot).equals(new String(mark, UTF_8)))
                .findFirst();
    }

    private static String mark(VolumeControl.Shot shot) {
        return shot.name() + " " + shot.created();
    }

    /** Deletes what runs before left: all of this keeper's but the one to go on from. */
    private void cleanUp(Optional<VolumeControl.Shot> base) {
        for (VolumeControl.Shot shot : control.snapshots(volume)) {
            if (shot.name().startsWith(prefix) && !base.equals(Optional.of(shot))) {
                control.delete(volume, shot.name());
            }
        }
    }

    private static int read(FileChannel image, byte[] target, int at, int length, long position) {
        try {
            return Math.max(0, image.read(ByteBuffer.wrap(target, at, length), position));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Map<String, String> facts(VolumeControl.About about, VolumeControl.Shot shot, Reading reading) {
        VolumeControl.Difference difference = reading.difference();
        long changed =
                difference.ranges().stream().mapToLong(range -> range.length()).sum();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("volume", about.name());
        facts.put("id", about.id());
        facts.put("size", Long.toString(difference.size()));
        facts.put("filesystem", about.filesystem());
        facts.put("encryption", about.encryption());
        facts.put("snapshot", shot.name());
        facts.put("read", reading.from().isPresent() ? "changes" : "everything");
        facts.put("bytes", Long.toString(changed));
        return facts;
    }

    private void about(TreeBuilder tree, Instant begun, Map<String, String> facts) {
        byte[] json = Json.write(new LinkedHashMap<>(facts)).getBytes(UTF_8);
        var entry = TreeBuilder.Entry.at(begun, IMAGE_PERMISSIONS);
        Node _ = tree.file(
                name.path() + "/about.json", entry, Optional.empty(), json.length, new ByteArrayInputStream(json));
    }

    @Override
    public void close() {}
}
