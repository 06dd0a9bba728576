package io.cairn.wire.xml;

import io.cairn.wire.Timestamps;
import java.time.Instant;

/** A version of an object, or a delete marker, in a listing of versions. */
public sealed interface ListedVersion {
    /** A version with content. */
    record Version(String versionId, boolean latest, ListedObject object) implements ListedVersion {
        @Override
        public void writeTo(XmlWriter out, boolean urlEncoded) {
            out.open("Version").element("Key", XmlDocument.key(object.key(), urlEncoded));
            out.element("VersionId", versionId).element("IsLatest", latest);
            out.element("LastModified", Timestamps.iso(object.lastModified())).etag(object.etag());
            object.checksumAlgorithm().ifPresent(algorithm -> out.element("ChecksumAlgorithm", algorithm.s3Name()));
            object.checksumType().ifPresent(type -> out.element("ChecksumType", type.name()));
            out.element("Size", object.size());
            object.owner().ifPresent(owner -> owner.writeTo(out, "Owner"));
            out.element("StorageClass", object.storageClass()).close("Version");
        }
    }

    /** A marker that the object was deleted then. */
    record DeleteMarker(String key, String versionId, boolean latest, Instant lastModified, Owner owner)
            implements ListedVersion {
        @Override
        public void writeTo(XmlWriter out, boolean urlEncoded) {
            out.open("DeleteMarker").element("Key", XmlDocument.key(key, urlEncoded));
            out.element("VersionId", versionId).element("IsLatest", latest);
            out.element("LastModified", Timestamps.iso(lastModified));
            owner.writeTo(out, "Owner");
            out.close("DeleteMarker");
        }
    }

    /** Writes the entry's element. */
    void writeTo(XmlWriter out, boolean urlEncoded);
}
