package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.model.RowCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One page of a listing in the making. Walks the rows in key order; what lies under a common prefix that was shown is
 * jumped over, not walked. For one thread.
 */
final class Listing {
    private final long bucketId;
    private final ListQuery query;
    private final byte[] prefix;
    private final byte[] delimiter;
    private final List<ListPage.Entry> entries = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    Listing(long bucketId, ListQuery query) {
        this.bucketId = bucketId;
        this.query = query;
        this.prefix = query.prefix().getBytes(UTF_8);
        this.delimiter = query.delimiter().getBytes(UTF_8);
    }

    ListPage read(Database database) {
        byte[] start = RowKeys.start(bucketId, prefix);
        byte[] end = RowKeys.successor(start);
        byte[] from = from(start);
        if (query.limit() == 0 || Arrays.compareUnsigned(from, end) >= 0) {
            return page("");
        }
        try (Cursor cursor = new Cursor(database, Family.OBJECTS, null, from, end)) {
            while (cursor.valid()) {
                byte[] row = cursor.key();
                int keyEnd = RowKeys.keyEnd(row);
                if (!RowKeys.current(row, keyEnd)) {
                    cursor.next();
                } else if (entries.size() + commonPrefixes.size() == query.limit()) {
                    return page(last);
                } else {
                    show(cursor, RowKeys.keyIn(row, keyEnd));
                }
            }
        }
        return page("");
    }

    private byte[] from(byte[] start) {
        if (query.after().isEmpty()) {
            return start;
        }
        byte[] after = query.after().getBytes(UTF_8);
        byte[] from = isCommonPrefix(after)
                ? RowKeys.successor(RowKeys.start(bucketId, after))
                : RowKeys.behind(bucketId, after);
        return Arrays.compareUnsigned(from, start) > 0 ? from : start;
    }

    private void show(Cursor cursor, byte[] key) {
        int rolledUp = rolledUp(key);
        if (rolledUp < 0) {
            last = new String(key, UTF_8);
            entries.add(RowCodec.decodeEntry(last, cursor.value()));
            cursor.next();
            return;
        }
        last = new String(key, 0, rolledUp, UTF_8);
        commonPrefixes.add(last);
        byte[] under = RowKeys.start(bucketId, Arrays.copyOf(key, rolledUp));
        cursor.next();
        // Many prefixes hold a single key; only when there is a second one does the jump pay.
        if (cursor.valid() && RowKeys.startsWith(cursor.key(), under)) {
            cursor.seek(RowKeys.successor(under));
        }
    }

    /** The length of the common prefix that the key is rolled up to, or -1 when it is shown itself. */
    private int rolledUp(byte[] key) {
        if (delimiter.length == 0) {
            return -1;
        }
        for (int at = prefix.length; at <= key.length - delimiter.length; at++) {
            if (key[at] == delimiter[0]
                    && Arrays.equals(key, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
                return at + delimiter.length;
            }
        }
        return -1;
    }

    private boolean isCommonPrefix(byte[] after) {
        return RowKeys.startsWith(after, prefix) && rolledUp(after) == after.length;
    }

    private ListPage page(String next) {
        return new ListPage(entries, commonPrefixes, next);
    }
}
