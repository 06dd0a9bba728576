package io.cairn.wire.xml;

import java.util.List;
import java.util.Optional;

/** The result of DeleteObjects; in quiet mode the server leaves out what was deleted. */
public record DeleteResult(List<Deleted> deleted, List<Failed> failed) implements XmlDocument {
    /** A key that was deleted, was not there, or got a delete marker. */
    public record Deleted(
            String key, Optional<String> versionId, boolean deleteMarker, Optional<String> deleteMarkerVersionId) {}

    /** A key that could not be deleted, and why. */
    public record Failed(String key, Optional<String> versionId, String code, String message) {}

    public DeleteResult {
        deleted = List.copyOf(deleted);
        failed = List.copyOf(failed);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("DeleteResult");
        for (Deleted entry : deleted) {
            out.open("Deleted").element("Key", entry.key()).optional("VersionId", entry.versionId());
            if (entry.deleteMarker()) {
                out.element("DeleteMarker", true);
            }
            out.optional("DeleteMarkerVersionId", entry.deleteMarkerVersionId()).close("Deleted");
        }
        for (Failed entry : failed) {
            out.open("Error").element("Key", entry.key()).optional("VersionId", entry.versionId());
            out.element("Code", entry.code())
                    .element("Message", entry.message())
                    .close("Error");
        }
        out.close("DeleteResult");
    }
}
