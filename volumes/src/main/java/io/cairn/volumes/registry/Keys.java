package io.cairn.volumes.registry;

import io.cairn.volumes.keys.WrappedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys of an encrypted volume: the one in use, one that is being added, and those that are being taken away. */
public record Keys(WrappedKey current, @Nullable WrappedKey pending, List<WrappedKey> retiring) {
    public Keys {
        retiring = List.copyOf(retiring);
    }

    public static Keys of(WrappedKey current) {
        return new Keys(current, null, List.of());
    }

    public Keys withPending(@Nullable WrappedKey key) {
        return new Keys(current, key, retiring);
    }

    /** The pending key in use, the others to be taken away. */
    public Keys switched(WrappedKey next, List<WrappedKey> old) {
        var all = new ArrayList<>(retiring);
        all.addAll(old);
        return new Keys(next, null, all);
    }

    public Keys retired() {
        return new Keys(current, pending, List.of());
    }

    Stream<WrappedKey> all() {
        return Stream.concat(Stream.concat(Stream.of(current), Stream.ofNullable(pending)), retiring.stream());
    }
}
