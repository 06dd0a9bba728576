package io.cairn.backup.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer in Redis' protocol, version 2. */
sealed interface Reply {
    /** A short word, {@code +OK}. */
    record Status(String text) implements Reply {}

    /** An error: a code in capitals and a sentence. */
    record Failure(String text) implements Reply {
        String code() {
            int space = text.indexOf(' ');
            return space < 0 ? text : text.substring(0, space);
        }
    }

    record Whole(long value) implements Reply {}

    /** Bytes; shared, not copied. */
    record Bulk(byte[] bytes) implements Reply {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    record Nil() implements Reply {}

    record Many(List<Reply> items) implements Reply {
        public Many {
            items = List.copyOf(items);
        }
    }
}
