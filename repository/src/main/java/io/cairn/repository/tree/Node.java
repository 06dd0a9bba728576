package io.cairn.repository.tree;

import io.cairn.repository.seal.Id;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An entry of a directory in a snapshot. {@code content} lists the blobs of a file in order; {@code subtree} is the
 * tree of a directory. Names are as {@link Names} has them.
 */
public record Node(
        String name,
        Attributes attributes,
        String user,
        String group,
        String linkTarget,
        Map<String, byte[]> extended,
        List<Id> content,
        Optional<Id> subtree) {
    public Node {
        extended = Map.copyOf(extended);
        content = List.copyOf(content);
    }

    public Kind kind() {
        return attributes.kind();
    }

    public long size() {
        return attributes.size();
    }

    public Instant modified() {
        return attributes.modified();
    }

    /** The same entry with other content. */
    public Node withContent(List<Id> blobs, long size) {
        Attributes a = attributes;
        Attributes sized = new Attributes(
                a.kind(),
                a.permissions(),
                a.uid(),
                a.gid(),
                a.inode(),
                a.device(),
                a.rawDevice(),
                a.links(),
                size,
                a.modified(),
                a.changed());
        return new Node(name, sized, user, group, linkTarget, extended, blobs, subtree);
    }

    public Node withSubtree(Id tree) {
        return new Node(name, attributes, user, group, linkTarget, extended, content, Optional.of(tree));
    }

    /** True when the file cannot have changed since that node was made: size, times and inode are the same. */
    public boolean sameFileAs(Node earlier) {
        Attributes then = earlier.attributes;
        return kind() == Kind.FILE
                && then.kind() == Kind.FILE
                && then.size() == attributes.size()
                && then.inode() == attributes.inode()
                && then.modified().equals(attributes.modified())
                && then.changed().equals(attributes.changed());
    }

    /** True for a name that may be created in a directory: no separator, not the directory itself or its parent. */
    public boolean hasSafeName() {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0;
    }
}
