package io.cairn.erasure;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The decodings used last, by which shards are present: a drive that is gone makes the same few patterns again and
 * again. Holds at most {@value #CAPACITY}, of up to 50 KiB each. Thread-safe: one lock, held for a map access.
 */
final class DecodingCache {
    static final int CAPACITY = 64;

    private final ErasureScheme scheme;
    private final Map<Key, Decoding> decodings = new LinkedHashMap<>(CAPACITY, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Decoding> eldest) {
            return size() > CAPACITY;
        }
    };

    DecodingCache(ErasureScheme scheme) {
        this.scheme = scheme;
    }

    /** Present shards as bits, and how many of the first shards are wanted. */
    private record Key(int present, int wanted) {}

    Decoding of(boolean[] present, int wanted) {
        Key key = new Key(bits(present), wanted);
        synchronized (decodings) {
            Decoding known = decodings.get(key);
            if (known != null) {
                return known;
            }
        }
        Decoding planned = Decoding.plan(scheme, present, wanted);
        synchronized (decodings) {
            decodings.put(key, planned);
        }
        return planned;
    }

    int size() {
        synchronized (decodings) {
            return decodings.size();
        }
    }

    private static int bits(boolean[] present) {
        int bits = 0;
        for (int shard = 0; shard < present.length; shard++) {
            bits |= present[shard] ? 1 << shard : 0;
        }
        return bits;
    }
}
