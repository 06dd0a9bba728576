package io.cairn.wire.xml;

import java.util.Optional;

/** The result of GetBucketVersioning; empty for a bucket that never was versioned. */
public record VersioningConfiguration(Optional<String> status) implements XmlDocument {
    @Override
    public void writeTo(XmlWriter out) {
        out.root("VersioningConfiguration").optional("Status", status).close("VersioningConfiguration");
    }
}
