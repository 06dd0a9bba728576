package io.cairn.backup.bucket;

import io.cairn.client.Attributes;
import io.cairn.client.Listed;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.tree.Node;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts listed objects into a tree, reading only what the snapshot before does not have. One use, one thread. */
final class BucketWalk {
    private static final int STEPS_AHEAD = 16;
    private static final int NAME_MAX = 200;

    private final TreeBuilder tree;
    private final String root;
    private final Fetching fetching;
    private final boolean tagsAlways;
    private final OpenDirectories current;
    private final OpenDirectories versions;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Deque<String> objectsAbove = new ArrayDeque<>();
    private long objects;
    private long versionCount;
    private long markers;
    private long read;
    private long vanished;

    BucketWalk(TreeBuilder tree, String root, Fetching fetching, boolean tagsAlways) {
        this.tree = tree;
        this.root = root;
        this.fetching = fetching;
        this.tagsAlways = tagsAlways;
        this.current = new OpenDirectories(tree, root + "/current");
        this.versions = new OpenDirectories(tree, root + "/versions");
    }

    /** What the walk did; {@code vanished} went away between the listing and the reading. */
    record Counts(long objects, long versions, long markers, long read, long vanished) {}

    /** An object whose turn comes: where it goes, and what is known of it. */
    private record Step(
            Listed listed,
            int order,
            Optional<List<String>> currentNames,
            Optional<List<String>> versionNames,
            Optional<Node> node,
            Optional<ObjectNote> note,
            Optional<Fetching.Turn> turn) {}

    /** All versions of one key, newest first; without versioning just the object. */
    void key(List<Listed> group, boolean versioned) {
        Listed newest = group.getFirst();
        String key = newest.key();
        while (!objectsAbove.isEmpty() && !key.startsWith(objectsAbove.getLast())) {
            objectsAbove.removeLast();
        }
        List<String> names = KeyPaths.names(key, objectsAbove::contains);
        List<String> plainNames = new ArrayList<>(KeyPaths.names(key, _ -> false));
        plainNames.set(plainNames.size() - 1, plainNames.getLast() + KeyPaths.VERSIONS);
        for (int i = group.size() - 1; i >= 0; i--) {
            Listed listed = group.get(i);
            Optional<List<String>> shown = i == 0 && !listed.deleteMarker() ? Optional.of(names) : Optional.empty();
            Optional<List<String>> kept =
                    versioned ? Optional.of(with(plainNames, versionName(listed))) : Optional.empty();
            plan(listed, group.size() - i, shown, kept);
        }
        if (!newest.deleteMarker()) {
            objectsAbove.addLast(key);
        }
    }

    private static List<String> with(List<String> names, String last) {
        List<String> all = new ArrayList<>(names);
        all.add(last);
        return all;
    }

    private static String versionName(Listed listed) {
        String name = KeyPaths.name(listed.version());
        MessageDigest sha256 = io.cairn.base.Hashes.sha256();
        byte[] id = listed.version().getBytes(StandardCharsets.UTF_8);
        return name.length() <= NAME_MAX ? name : HexFormat.of().formatHex(sha256.digest(id));
    }

    private void plan(Listed listed, int order, Optional<List<String>> shown, Optional<List<String>> kept) {
        Optional<Node> node = Optional.empty();
        Optional<ObjectNote> note = Optional.empty();
        if (!listed.deleteMarker()) {
            node = kept.flatMap(names -> tree.earlier(path("/versions", names)))
                    .or(() -> shown.flatMap(names -> tree.earlier(path("/current", names))));
            note = ObjectNote.same(node, listed);
        }
        boolean needed = note.isEmpty() && !listed.deleteMarker();
        Optional<Fetching.Turn> turn = needed ? Optional.of(fetching.begin(listed)) : Optional.empty();
        steps.addLast(new Step(listed, order, shown, kept, node, note, turn));
        if (steps.size() > STEPS_AHEAD) {
            take(steps.removeFirst());
        }
    }

    private String path(String below, List<String> names) {
        return root + below + "/" + String.join("/", names);
    }

    private void take(Step step) {
        step.currentNames().ifPresent(current::enter);
        step.versionNames().ifPresent(versions::enter);
        if (step.listed().deleteMarker()) {
            markers++;
            ObjectNote note = ObjectNote.marker(step.listed(), step.order());
            Node _ = tree.file(
                    path("/versions", step.versionNames().orElseThrow()),
                    note.entry(),
                    Optional.empty(),
                    0,
                    InputStream.nullInputStream());
        } else if (step.turn().isEmpty()) {
            again(step, step.node().orElseThrow(), step.note().orElseThrow());
        } else {
            fetched(step, step.turn().get().take());
        }
    }

    private void again(Step step, Node node, ObjectNote before) {
        Attributes attributes = before.attributes();
        Map<String, String> tags = tagsAlways ? fetching.tags(step.listed()) : attributes.tags();
        ObjectNote note = before.with(step.order(), attributes.withTags(tags));
        step.versionNames().ifPresent(names -> tree.reuse(path("/versions", names), note.entry(), node));
        step.currentNames().ifPresent(names -> tree.reuse(path("/current", names), note.entry(), node));
        count(step);
    }

    private void fetched(Step step, Optional<Fetching.Fetched> found) {
        if (found.isEmpty()) {
            vanished++;
            return;
        }
        read++;
        count(step);
        try (Fetching.Fetched fetched = found.get()) {
            ObjectNote note = ObjectNote.of(step.listed(), fetched.head(), step.order(), fetched.tags());
            String first = step.versionNames()
                    .map(names -> path("/versions", names))
                    .orElseGet(() -> path("/current", step.currentNames().orElseThrow()));
            Node node = tree.file(
                    first, note.entry(), Optional.empty(), fetched.head().size(), fetched.stream());
            if (step.versionNames().isPresent()) {
                step.currentNames().ifPresent(names -> tree.reuse(path("/current", names), note.entry(), node));
            }
        }
    }

    private void count(Step step) {
        objects += step.currentNames().isPresent() ? 1 : 0;
        versionCount += step.versionNames().isPresent() ? 1 : 0;
    }

    /** Takes the rest. */
    Counts finish() {
        while (!steps.isEmpty()) {
            take(steps.removeFirst());
        }
        return new Counts(objects, versionCount, markers, read, vanished);
    }
}
