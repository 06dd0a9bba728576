package io.cairn.repository.store;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.Attributes;
import io.cairn.client.Attributes.ObjectLock;
import io.cairn.client.Body;
import io.cairn.client.Bucket;
import io.cairn.client.Listed;
import io.cairn.client.ObjectHead;
import io.cairn.client.Put;
import io.cairn.client.S3Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A repository in a bucket, below a prefix, with the same names as in a directory. A write shows as a whole or not at
 * all, and is durable when the server has answered. With a period of immutability, packs, indexes, snapshots, keys and
 * the configuration are locked for that long (S3 Object Lock). A process that dies may leave a write under way. Safe
 * for use by many threads.
 */
public final class S3Store implements Backend {
    /** What a restore needs. The other files come and go with each run. */
    private static final Set<Area> LASTING =
            EnumSet.of(Area.CONFIG, Area.KEYS, Area.PACKS, Area.INDEXES, Area.SNAPSHOTS);

    private static final int PROBE_BYTES = 8;
    private static final int REQUESTS_AT_ONCE = 16;

    private final Bucket bucket;
    private final String prefix;
    private final Optional<Period> immutable;
    private final Clock clock;
    private final Entropy entropy;
    private Optional<Boolean> conditional = Optional.empty();

    /**
     * @param prefix empty, or ends in a slash
     * @param immutable for how long new files cannot be deleted; needs a bucket with Object Lock
     */
    public S3Store(Bucket bucket, String prefix, Optional<Period> immutable, Clock clock, Entropy entropy) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.immutable = immutable;
        this.clock = clock;
        this.entropy = entropy;
    }

    private String key(FileName name) {
        return prefix + name.path();
    }

    private Attributes attributes(FileName name) {
        return immutable
                .filter(_ -> LASTING.contains(name.area()))
                .map(period -> Attributes.locked(lock(period)))
                .orElse(Attributes.NONE);
    }

    private ObjectLock lock(Period period) {
        Instant until = clock.now().atZone(ZoneOffset.UTC).plus(period).toInstant();
        return new ObjectLock(ObjectLock.Mode.COMPLIANCE, until);
    }

    @Override
    public void save(FileName name, byte[] content, int length) {
        attempt(() -> bucket.put(key(name), Body.of(content, 0, length), attributes(name)));
    }

    @Override
    public boolean saveIfAbsent(FileName name, byte[] content) {
        return attempt(() -> conditionalWrites() ? saveConditionally(name, content) : saveAndLook(name, content));
    }

    /** A try whose answer was lost may have been done: then the bytes are ours. */
    private boolean saveConditionally(FileName name, byte[] content) {
        return switch (bucket.putIfAbsent(key(name), Body.of(content), attributes(name))) {
            case Put.Stored _ -> true;
            case Put.Taken taken ->
                taken.tries() > 1
                        && bucket.load(key(name))
                                .filter(there -> Arrays.equals(there, content))
                                .isPresent();
        };
    }

    /**
     * For servers that overlook If-None-Match. Of two writers at the very same moment the later one wins, and the
     * earlier one may not learn of it.
     */
    private boolean saveAndLook(FileName name, byte[] content) {
        if (bucket.head(key(name), Optional.empty()).isPresent()) {
            return false;
        }
        bucket.put(key(name), Body.of(content), attributes(name));
        return bucket.load(key(name))
                .filter(there -> Arrays.equals(there, content))
                .isPresent();
    }

    /** Whether a put with If-None-Match is refused where there is an object; tried once. */
    private synchronized boolean conditionalWrites() {
        if (conditional.isEmpty()) {
            String key = prefix + "cairn/probe-" + HexFormat.of().formatHex(entropy.bytes(PROBE_BYTES));
            try {
                bucket.put(key, Body.of(new byte[] {1}), Attributes.NONE);
                conditional = Optional.of(
                        bucket.putIfAbsent(key, Body.of(new byte[] {2}), Attributes.NONE) instanceof Put.Taken);
            } catch (S3Fault.Refused notImplemented) {
                conditional = Optional.of(false);
            }
            bucket.delete(key, Optional.empty());
        }
        return conditional.get();
    }

    @Override
    public byte[] load(FileName name) {
        return attempt(() -> bucket.load(key(name)).orElseThrow(() -> missing(name)));
    }

    private RepositoryFault missing(FileName name) {
        return new RepositoryFault.Missing("there is no file " + name + " in " + place());
    }

    @Override
    public void read(FileName name, long offset, byte[] target, int at, int length) {
        byte[] part = attempt(() -> bucket.range(key(name), offset, length).orElseThrow(() -> missing(name)));
        if (part.length < length) {
            throw new RepositoryFault.Damaged("file " + name + " in " + place() + " ends at byte "
                    + (offset + part.length) + ", before " + (offset + length));
        }
        System.arraycopy(part, 0, target, at, length);
    }

    @Override
    public Map<String, Long> list(Area area) {
        if (area == Area.CONFIG) {
            return attempt(() -> bucket.head(key(FileName.CONFIG), Optional.empty())
                    .map(head -> Map.of(FileName.CONFIG.name(), head.size()))
                    .orElse(Map.of()));
        }
        return attempt(() -> {
            Map<String, Long> found = new HashMap<>();
            Iterator<List<Listed>> pages = bucket.list(prefix + area.directory() + "/", "");
            while (pages.hasNext()) {
                for (Listed object : pages.next()) {
                    found.put(object.key().substring(object.key().lastIndexOf('/') + 1), object.size());
                }
            }
            return found;
        });
    }

    @Override
    public void delete(FileName name) {
        attempt(() -> {
            bucket.delete(key(name), Optional.empty());
            return true;
        });
    }

    @Override
    public void prepare() {
        attempt(() -> {
            if (!bucket.exists()) {
                bucket.create();
            }
            if (bucket.head(key(FileName.CONFIG), Optional.empty()).isPresent()) {
                throw new RepositoryFault.Refused("there is a repository in " + place() + " already");
            }
            requireLocks();
            return true;
        });
    }

    private void requireLocks() {
        if (immutable.isPresent() && !bucket.locks()) {
            throw new RepositoryFault.Refused(
                    "objects of " + bucket.place() + " cannot be locked, so --immutable cannot"
                            + " be kept: make a bucket with Object Lock, or leave --immutable out");
        }
    }

    /** How many files there are, and of how many the lock was renewed. */
    public record Extended(int files, int renewed) {}

    /**
     * Locks everything that a restore needs and that is still there for the whole period again, where less than half of
     * it is left. May be stopped and run again at any time, beside anything else.
     */
    public Extended extend() {
        Period period = immutable.orElseThrow(
                () -> new RepositoryFault.Refused("there is no period to lock for: give --lock-for"));
        attempt(() -> {
            requireLocks();
            return true;
        });
        ObjectLock lock = lock(period);
        Instant now = clock.now();
        Instant enough = now.plus(Duration.between(now, lock.until()).dividedBy(2));
        AtomicInteger renewed = new AtomicInteger();
        List<FileName> files = new ArrayList<>();
        for (Area area : LASTING) {
            list(area).keySet().forEach(name -> files.add(new FileName(area, name)));
        }
        try (Parallel threads = new Parallel(REQUESTS_AT_ONCE)) {
            for (FileName name : files) {
                threads.run(() -> attempt(() -> renew(key(name), lock, enough) ? renewed.incrementAndGet() : 0));
            }
            threads.finish();
        }
        return new Extended(files.size(), renewed.get());
    }

    /** A file that prune deletes meanwhile needs no lock. */
    private boolean renew(String key, ObjectLock lock, Instant enough) {
        Optional<ObjectHead> head = bucket.head(key, Optional.empty());
        boolean due = head.isPresent()
                && head.get()
                        .attributes()
                        .lock()
                        .filter(held -> held.until().isAfter(enough))
                        .isEmpty();
        if (due) {
            bucket.retain(key, Optional.of(head.get().version()).filter(version -> !version.isEmpty()), lock);
        }
        return due;
    }

    @Override
    public boolean writesEndWithProcess() {
        return false;
    }

    @Override
    public String place() {
        return bucket.place() + (prefix.isEmpty() ? "" : ", prefix " + prefix);
    }

    private static <T> T attempt(Supplier<T> call) {
        try {
            return call.get();
        } catch (S3Fault fault) {
            String message = String.valueOf(fault.getMessage());
            throw switch (fault) {
                case S3Fault.Unreachable _ -> new RepositoryFault.Unavailable(message, true, fault);
                case S3Fault.Damaged _, S3Fault.Full _, S3Fault.Refused _ ->
                    new RepositoryFault.Unavailable(message, false, fault);
            };
        }
    }
}
