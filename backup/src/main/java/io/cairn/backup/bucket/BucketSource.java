package io.cairn.backup.bucket;

import io.cairn.backup.Cut;
import io.cairn.backup.Source;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.base.Hashes;
import io.cairn.client.Bucket;
import io.cairn.client.Listed;
import io.cairn.client.Patience;
import io.cairn.client.S3Client;
import io.cairn.client.S3Fault;
import io.cairn.client.S3Place;
import io.cairn.repository.TreeBuilder;
import io.cairn.repository.store.Json;
import io.cairn.repository.tree.Node;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket of any S3 as a source: objects with metadata and tags, and all versions and delete markers where there are.
 * What the snapshot before has is not read again. With versions the copy is the bucket as of one second. Options of the
 * address beside those of {@link S3Place}: {@code versions=no} for the newest only, {@code tags=always} to ask for the
 * tags of unchanged objects too.
 */
public final class BucketSource implements Source {
    private static final int HASH_DIGITS = 16;
    private static final int PERMISSIONS = 0600;

    private final S3Client client;
    private final Bucket bucket;
    private final S3Place place;
    private final Clock clock;

    private BucketSource(S3Client client, S3Place place, Clock clock) {
        this.client = client;
        this.bucket = client.bucket(place.bucket());
        this.place = place;
        this.clock = clock;
    }

    /** Reads the address as for {@code --repo}; credentials are those that its options or the environment name. */
    public static BucketSource open(String word, Map<String, String> environment, Clock clock) {
        return open(word, environment, clock, Patience.USUAL);
    }

    static BucketSource open(String word, Map<String, String> environment, Clock clock, Patience patience) {
        try {
            S3Place place = S3Place.parse(word);
            return new BucketSource(place.client(place.credentials(environment), environment, patience), place, clock);
        } catch (S3Fault fault) {
            throw translated(fault);
        }
    }

    @Override
    public SourceName name() {
        int port = place.endpoint().address().getPort();
        String at = place.bucket() + "@" + place.endpoint().address().getHost().replaceAll("[\\[\\]]", "")
                + (port < 0 ? "" : ":" + port);
        if (place.prefix().isEmpty()) {
            return new SourceName("bucket", at);
        }
        byte[] hash = Hashes.sha256().digest(place.prefix().getBytes(StandardCharsets.UTF_8));
        return new SourceName(
                "bucket", at + "=" + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS));
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Instant begun = clock.now();
        try (Fetching fetching = new Fetching(bucket)) {
            Instant cut = bucket.serverTime().plusSeconds(1);
            String versioning = place.options().getOrDefault("versions", "").equals("no") ? "" : bucket.versioning();
            boolean always = place.options().getOrDefault("tags", "").equals("always");
            BucketWalk walk = new BucketWalk(tree, name().path(), fetching, always);
            boolean versioned = !versioning.isEmpty();
            KeyGroups keys = new KeyGroups(
                    versioned ? bucket.versions(place.prefix()) : bucket.list(place.prefix(), ""), bucket.place());
            while (keys.hasNext()) {
                List<Listed> group = keys.next().stream()
                        .filter(entry -> !versioned || !entry.modified().isAfter(cut))
                        .toList();
                if (!group.isEmpty()) {
                    walk.key(group, versioned);
                }
            }
            BucketWalk.Counts counts = walk.finish();
            Map<String, String> facts = facts(versioning, versioned ? cut : begun, counts);
            about(tree, facts);
            return new Cut(begun, clock.now(), facts);
        } catch (S3Fault fault) {
            throw translated(fault);
        }
    }

    private Map<String, String> facts(String versioning, Instant cut, BucketWalk.Counts counts) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("bucket", place.bucket());
        facts.put("endpoint", place.endpoint().toString());
        facts.put("prefix", place.prefix());
        facts.put("versioning", versioning);
        facts.put("cut", cut.toString());
        facts.put("objects", Long.toString(counts.objects()));
        facts.put("versions", Long.toString(counts.versions()));
        facts.put("deleteMarkers", Long.toString(counts.markers()));
        facts.put("read", Long.toString(counts.read()));
        facts.put("vanished", Long.toString(counts.vanished()));
        return facts;
    }

    private void about(TreeBuilder tree, Map<String, String> facts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", 1L);
        json.putAll(facts);
        byte[] bytes = Json.write(json).getBytes(StandardCharsets.UTF_8);
        Node _ = tree.file(
                name().path() + "/about.json",
                TreeBuilder.Entry.at(clock.now(), PERMISSIONS),
                Optional.empty(),
                bytes.length,
                new ByteArrayInputStream(bytes));
    }

    static SourceFault translated(S3Fault fault) {
        String message = String.valueOf(fault.getMessage());
        return switch (fault) {
            case S3Fault.Unreachable _ -> new SourceFault.Unreachable(message, fault);
            case S3Fault.Damaged _ -> new SourceFault.Damaged(message, fault);
            case S3Fault.Refused _, S3Fault.Full _ -> new SourceFault.Refused(message);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
