package io.cairn.backup.bucket;

import io.cairn.backup.SourceFault;
import io.cairn.client.Bucket;
import io.cairn.client.Patience;
import io.cairn.client.S3Client;
import io.cairn.client.S3Fault;
import io.cairn.client.S3Place;
import io.cairn.repository.Progress;
import io.cairn.repository.Snapshot;
import io.cairn.repository.SnapshotReader;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the snapshot of a bucket back into an empty bucket, which is made if it is not there: objects with metadata
 * and tags, versions and delete markers in their order. Version ids and times are the server's own. One use, one
 * thread.
 */
public final class BucketRestore implements AutoCloseable {
    private static final int KEYS_AT_ONCE = 8;
    private static final String ABOUT = "/about.json";

    private final SnapshotReader reader;
    private final Progress progress;
    private final S3Client client;
    private final Bucket bucket;
    private final List<Version> group = new ArrayList<>();
    private String groupPath = "";
    private long keys;

    private BucketRestore(SnapshotReader reader, Progress progress, S3Client client, String bucket) {
        this.reader = reader;
        this.progress = progress;
        this.client = client;
        this.bucket = client.bucket(bucket);
    }

    /** What a run did. */
    public record Result(long keys, long versions, long deleteMarkers, long bytes) {}

    /** A version to be made, and its content. */
    record Version(ObjectNote note, Node node) {}

    /** Reads the address of the target as for {@code --repo}; it is a bucket without a prefix. */
    public static BucketRestore open(
            SnapshotReader reader, Progress progress, String word, Map<String, String> environment) {
        return open(reader, progress, word, environment, Patience.USUAL);
    }

    static BucketRestore open(
            SnapshotReader reader, Progress progress, String word, Map<String, String> environment, Patience patience) {
        try {
            S3Place place = S3Place.parse(word);
            if (!place.prefix().isEmpty()) {
                throw new SourceFault.Refused(
                        "objects come back under the keys that they had, so the target is a bucket"
                                + " without a prefix");
            }
            return new BucketRestore(
                    reader,
                    progress,
                    place.client(place.credentials(environment), environment, patience),
                    place.bucket());
        } catch (S3Fault fault) {
            throw BucketSource.translated(fault);
        }
    }

    public Result run(Snapshot snapshot) {
        String root = snapshot.paths().stream()
                .filter(path -> path.startsWith("/bucket/"))
                .findFirst()
                .orElseThrow(() ->
                        new SourceFault.Refused("the snapshot " + snapshot.id().brief()
                                + " is not that of a bucket; restore it into a directory with --target"));
        try {
            Map<String, Object> about = about(snapshot, root);
            boolean versioned = !Json.text(about, "versioning").isEmpty();
            prepare(versioned);
            try (KeyRestore restore = new KeyRestore(bucket, reader, versioned, progress, KEYS_AT_ONCE)) {
                String top = root + (versioned ? "/versions" : "/current");
                reader.browse().walk(snapshot, top, (path, node) -> entry(restore, top, path, node, versioned));
                flush(restore, groupPath);
                return restore.finish(keys);
            }
        } catch (S3Fault fault) {
            throw BucketSource.translated(fault);
        }
    }

    private Map<String, Object> about(Snapshot snapshot, String root) {
        Node node = reader.browse()
                .node(snapshot, root + ABOUT)
                .orElseThrow(() -> new RepositoryFault.Damaged("there is no " + root + ABOUT + " in the snapshot"));
        try (InputStream in = reader.content(node, 0)) {
            Map<String, Object> about = Json.object(Json.read(in.readAllBytes(), ABOUT), ABOUT);
            if (Json.number(about, "format") != 1) {
                throw new SourceFault.Refused("the bucket in this snapshot has format " + Json.number(about, "format")
                        + ", which a newer program wrote and reads");
            }
            return about;
        } catch (IOException impossible) {
            throw new IllegalStateException("pieces in memory cannot be read", impossible);
        }
    }

    private void prepare(boolean versioned) {
        if (!bucket.exists()) {
            bucket.create();
        }
        boolean empty = versioned || !bucket.versioning().isEmpty()
                ? bucket.versions("").next().isEmpty()
                : bucket.list("", "").next().isEmpty();
        if (!empty) {
            throw new SourceFault.Refused(bucket.place() + " is not empty; restore into a new one, look at it, then let"
                    + " the application use it");
        }
        if (versioned) {
            bucket.versioning(true);
        }
    }

    /** Files of one directory of {@code versions} are one key; parents come first, so a new directory ends it. */
    private void entry(KeyRestore restore, String top, String path, Node node, boolean versioned) {
        if (node.kind() != Kind.FILE) {
            return;
        }
        String below = path.substring(top.length() + 1);
        String keyPath = versioned ? below.substring(0, below.lastIndexOf('/')) : below;
        if (!keyPath.equals(groupPath)) {
            flush(restore, groupPath);
            groupPath = keyPath;
        }
        Optional<ObjectNote> note = ObjectNote.read(node);
        if (note.isEmpty()) {
            throw new RepositoryFault.Damaged(path + " does not say which object it is");
        }
        group.add(new Version(note.get(), node));
        progress.expected(node.size());
    }

    private void flush(KeyRestore restore, String path) {
        if (!group.isEmpty()) {
            group.sort(Comparator.comparingInt(version -> version.note().order()));
            restore.key(KeyPaths.key(List.of(path.split("/"))), List.copyOf(group));
            keys++;
            group.clear();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
