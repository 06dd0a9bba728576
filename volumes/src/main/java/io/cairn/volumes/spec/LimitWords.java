package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.Limits;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reading of limits from words, for options and for classes. Stateless. */
final class LimitWords {
    static final long IOPS_MAX = 10_000_000;
    static final ByteCount BYTES_MIN = ByteCount.kibibytes(4);
    static final ByteCount BYTES_MAX = ByteCount.gibibytes(1024);

    private LimitWords() {}

    /** The limits with those that are given changed. {@code iops} stands for both ways, a way of its own wins. */
    static Limits read(Map<String, String> words, Limits base) {
        OptionalLong both = iops("iops", words.get("iops"), OptionalLong.empty());
        return new Limits(
                iops("read-iops", words.get("read-iops"), either(both, base.readIops())),
                iops("write-iops", words.get("write-iops"), either(both, base.writeIops())),
                bytes("read-bps", words.get("read-bps"), base.readBytes()),
                bytes("write-bps", words.get("write-bps"), base.writeBytes()));
    }

    private static OptionalLong either(OptionalLong first, OptionalLong second) {
        return first.isPresent() ? first : second;
    }

    private static OptionalLong iops(String name, @Nullable String word, OptionalLong otherwise) {
        if (word == null) {
            return otherwise;
        }
        if (!word.matches("\\d{1,8}") || Long.parseLong(word) < 1 || Long.parseLong(word) > IOPS_MAX) {
            throw new IllegalArgumentException(
                    name + " is a whole number from 1 to " + IOPS_MAX + ", not " + Quoted.of(word));
        }
        return OptionalLong.of(Long.parseLong(word));
    }

    private static OptionalLong bytes(String name, @Nullable String word, OptionalLong otherwise) {
        if (word == null) {
            return otherwise;
        }
        ByteCount rate = Sizes.parse(word);
        if (rate.compareTo(BYTES_MIN) < 0 || rate.compareTo(BYTES_MAX) > 0) {
            throw new IllegalArgumentException(
                    name + " is from " + BYTES_MIN + " to " + BYTES_MAX + " per second, not " + Quoted.of(word));
        }
        return OptionalLong.of(rate.bytes());
    }
}
