package io.cairn.volumes.registry;

import io.cairn.volumes.spec.HolderId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who has a volume, and what that needed of the kernel. {@code attached}: there may be a loop device, a mapping, limits
 * or a mount. {@code clean}: the filesystem was unmounted, or never mounted.
 */
public record Mounting(boolean attached, boolean clean, SortedMap<HolderId, Integer> holders) {
    public static final Mounting NEVER = new Mounting(false, true, new TreeMap<>());

    public Mounting {
        for (int count : holders.values()) {
            if (count <= 0) {
                throw new IllegalArgumentException("a holder with " + count + " references");
            }
        }
        holders = Collections.unmodifiableSortedMap(new TreeMap<>(holders));
    }

    /** What is written before anything is attached. */
    public Mounting attaching() {
        return new Mounting(true, false, holders);
    }

    /** What is written when nothing is attached any more. */
    public Mounting detached(boolean cleanly) {
        return new Mounting(false, cleanly, holders);
    }

    public Mounting held(HolderId holder) {
        var more = new TreeMap<>(holders);
        more.merge(holder, 1, Integer::sum);
        return new Mounting(attached, clean, more);
    }

    /** With one reference of the holder less, if it has one. */
    public Mounting released(HolderId holder) {
        var fewer = new TreeMap<>(holders);
        fewer.computeIfPresent(holder, (_, count) -> count > 1 ? Integer.valueOf(count - 1) : null);
        return new Mounting(attached, clean, fewer);
    }

    public Mounting unheld() {
        return new Mounting(attached, clean, new TreeMap<>());
    }

    /** References of one holder. */
    public int count(HolderId holder) {
        return holders.getOrDefault(holder, 0);
    }

    /** References of all holders. */
    public int references() {
        return holders.values().stream().mapToInt(Integer::intValue).sum();
    }
}
