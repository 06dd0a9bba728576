package io.cairn.backup.bucket;

import io.cairn.backup.SourceFault;
import io.cairn.client.Listed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A listing as one list for each key, its versions newest first, keys in the order of their bytes. Servers may tell
 * delete markers after versions within a page. One thread.
 */
final class KeyGroups implements Iterator<List<Listed>> {
    private static final Comparator<Listed> BY_KEY = (a, b) -> compare(a.key(), b.key());
    private static final Comparator<Listed> NEWEST_FIRST = Comparator.comparing((Listed entry) -> !entry.latest())
            .thenComparing(Listed::modified, Comparator.reverseOrder());

    private final Iterator<List<Listed>> pages;
    private final String place;
    private List<Listed> pending = new ArrayList<>();
    private String last = "";

    KeyGroups(Iterator<List<Listed>> pages, String place) {
        this.pages = pages;
        this.place = place;
    }

    static int compare(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean hasNext() {
        while (pages.hasNext()
                && (pending.isEmpty()
                        || pending.getFirst().key().equals(pending.getLast().key()))) {
            pending.addAll(pages.next());
            pending.sort(BY_KEY);
        }
        return !pending.isEmpty();
    }

    @Override
    public List<Listed> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String key = pending.getFirst().key();
        int end = 1;
        while (end < pending.size() && pending.get(end).key().equals(key)) {
            end++;
        }
        if (!last.isEmpty() && compare(last, key) >= 0) {
            throw new SourceFault.Refused(place + " does not list its keys in the order of their bytes, which a backup"
                    + " of it needs (" + key + " came late)");
        }
        last = key;
        List<Listed> group = new ArrayList<>(pending.subList(0, end));
        group.sort(NEWEST_FIRST);
        pending = new ArrayList<>(pending.subList(end, pending.size()));
        return group;
    }
}
