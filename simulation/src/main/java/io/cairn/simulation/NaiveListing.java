package io.cairn.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.model.ObjectRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A listing that looks at every key: the meaning of {@link ListQuery}, spelled out. */
record NaiveListing(ListQuery query) {
    /** @param rows in key order */
    ListPage of(Collection<ObjectRow> rows) {
        List<ListPage.Entry> entries = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = "";
        for (ObjectRow row : rows) {
            String key = row.key().value();
            String shown = rolledUp(key);
            if (!key.startsWith(query.prefix()) || !comesAfter(key) || prefixes.contains(shown)) {
                continue;
            }
            if (entries.size() + prefixes.size() == query.limit()) {
                return new ListPage(entries, prefixes, query.limit() == 0 ? "" : last);
            }
            if (shown.isEmpty()) {
                entries.add(entry(row));
                last = key;
            } else {
                prefixes.add(shown);
                last = shown;
            }
        }
        return new ListPage(entries, prefixes, "");
    }

    private boolean comesAfter(String key) {
        String after = query.after();
        boolean skipsPrefix = !after.isEmpty()
                && after.startsWith(query.prefix())
                && rolledUp(after).equals(after);
        return skipsPrefix ? !key.startsWith(after) && compare(key, after) > 0 : compare(key, after) > 0;
    }

    /** The common prefix that the key is rolled up to, empty when it is shown itself. */
    private String rolledUp(String key) {
        if (query.delimiter().isEmpty()) {
            return "";
        }
        int at = key.indexOf(query.delimiter(), query.prefix().length());
        return at < 0 ? "" : key.substring(0, at + query.delimiter().length());
    }

    private static int compare(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8));
    }

    private static ListPage.Entry entry(ObjectRow row) {
        String checksum =
                row.checksum().map(sum -> sum.algorithm() + " " + sum.kind()).orElse("");
        return new ListPage.Entry(row.key().value(), row.size(), row.etag(), row.modified(), checksum);
    }
}
