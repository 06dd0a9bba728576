package io.cairn.backup.bucket;

import io.cairn.repository.TreeBuilder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The directories on the way to where a walk is; those that it leaves are finished. One thread. */
final class OpenDirectories {
    private final TreeBuilder tree;
    private final String root;
    private final Deque<String> open = new ArrayDeque<>();

    OpenDirectories(TreeBuilder tree, String root) {
        this.tree = tree;
        this.root = root;
    }

    /** Goes to the directory of these names, all but the last. */
    void enter(List<String> names) {
        String path = root + "/" + String.join("/", names);
        while (!open.isEmpty() && !path.startsWith(open.getLast() + "/")) {
            tree.finished(open.removeLast());
        }
        StringBuilder at = new StringBuilder(root);
        for (int i = 0; i < names.size() - 1; i++) {
            at.append('/').append(names.get(i));
            if (i >= open.size()) {
                open.addLast(at.toString());
            }
        }
    }
}
