package io.cairn.repository;

import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.seal.Id;
import io.cairn.repository.tree.Kind;
import io.cairn.repository.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Looks into snapshots. Stateless but for its source. */
public final class Browse {
    private final BlobSource source;

    public Browse(Repository repository, CompactIndex index) {
        this(new BlobSource(repository, index));
    }

    Browse(BlobSource source) {
        this.source = source;
    }

    /** The node of an absolute path; empty when there is none, and for the root. */
    public Optional<Node> node(Snapshot snapshot, String path) {
        Optional<Id> tree = Optional.of(snapshot.tree());
        Optional<Node> found = Optional.empty();
        for (String name : path.split("/")) {
            if (name.isEmpty()) {
                continue;
            }
            if (tree.isEmpty()) {
                return Optional.empty();
            }
            found = source.tree(tree.get()).stream()
                    .filter(node -> node.name().equals(name))
                    .findFirst();
            if (found.isEmpty()) {
                return Optional.empty();
            }
            tree = found.get().subtree();
        }
        return found;
    }

    /** Shows every node at and below a path, parents first, by its absolute path. */
    public void walk(Snapshot snapshot, String path, BiConsumer<String, Node> visitor) {
        Optional<Node> start = node(snapshot, path);
        if (start.isPresent()) {
            String clean = "/"
                    + String.join(
                            "/",
                            List.of(path.split("/")).stream()
                                    .filter(p -> !p.isEmpty())
                                    .toList());
            visitor.accept(clean, start.get());
            start.get().subtree().ifPresent(tree -> walk(tree, clean, visitor));
        } else if (path.replace("/", "").isEmpty()) {
            walk(snapshot.tree(), "", visitor);
        }
    }

    private void walk(Id tree, String path, BiConsumer<String, Node> visitor) {
        for (Node node : source.tree(tree)) {
            String below = path + "/" + node.name();
            visitor.accept(below, node);
            node.subtree().ifPresent(subtree -> walk(subtree, below, visitor));
        }
    }

    /** How a path differs between two snapshots. */
    public enum Change {
        ADDED,
        REMOVED,
        /** Its content, or the target of a link. */
        CONTENT,
        /** Owner, permissions, times or extended attributes alone. */
        METADATA
    }

    /** Shows what differs from one snapshot to another; trees that are the same are not looked into. */
    public void diff(Snapshot from, Snapshot to, BiConsumer<String, Change> visitor) {
        diff(Optional.of(from.tree()), Optional.of(to.tree()), "", visitor);
    }

    private void diff(Optional<Id> from, Optional<Id> to, String path, BiConsumer<String, Change> visitor) {
        if (from.equals(to)) {
            return;
        }
        Map<String, Node> before = nodes(from);
        Map<String, Node> after = nodes(to);
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String below = path + "/" + name;
            Optional<Node> then = Optional.ofNullable(before.get(name));
            Optional<Node> now = Optional.ofNullable(after.get(name));
            change(then, now).ifPresent(change -> visitor.accept(below, change));
            diff(then.flatMap(Node::subtree), now.flatMap(Node::subtree), below, visitor);
        }
    }

    private static Optional<Change> change(Optional<Node> then, Optional<Node> now) {
        if (then.isEmpty() || now.isEmpty()) {
            return Optional.of(then.isEmpty() ? Change.ADDED : Change.REMOVED);
        }
        Node a = then.get();
        Node b = now.get();
        if (a.kind() != b.kind()
                || !a.content().equals(b.content())
                || !a.linkTarget().equals(b.linkTarget())) {
            return Optional.of(Change.CONTENT);
        }
        boolean same = a.modified().equals(b.modified())
                && a.attributes().permissions() == b.attributes().permissions()
                && a.attributes().uid() == b.attributes().uid()
                && a.attributes().gid() == b.attributes().gid()
                && a.extended().keySet().equals(b.extended().keySet())
                && a.extended().entrySet().stream()
                        .allMatch(entry -> java.util.Arrays.equals(
                                entry.getValue(), b.extended().get(entry.getKey())));
        return same || (a.kind() == Kind.DIRECTORY && !a.subtree().equals(b.subtree()))
                ? Optional.empty()
                : Optional.of(Change.METADATA);
    }

    private Map<String, Node> nodes(Optional<Id> tree) {
        Map<String, Node> nodes = new HashMap<>();
        tree.ifPresent(id -> source.tree(id).forEach(node -> nodes.put(node.name(), node)));
        return nodes;
    }
}
