package io.cairn.s3.request;

import java.util.Set;

/**
 * Which attributes of an object are wanted, and which page of its parts.
 *
 * @param after the part number after which to start
 */
public record AttributeChoice(Set<Attribute> attributes, int after, int limit) {
    /** An attribute that can be asked for. */
    public enum Attribute {
        ETAG("ETag"),
        CHECKSUM("Checksum"),
        OBJECT_PARTS("ObjectParts"),
        STORAGE_CLASS("StorageClass"),
        OBJECT_SIZE("ObjectSize");

        private final String s3Name;

        Attribute(String s3Name) {
            this.s3Name = s3Name;
        }

        public String s3Name() {
            return s3Name;
        }
    }

    public AttributeChoice {
        attributes = Set.copyOf(attributes);
    }
}
