package io.cairn.acceptance.crash;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A multipart upload and its acknowledged parts. Belongs to one writer at a time. */
final class Upload {
    /** How far the upload is known to have come. */
    enum State {
        OPEN,
        COMPLETING,
        ABORTING,
        GONE
    }

    final Entry entry;
    final String id;
    final Map<Integer, Content.Piece> parts = new TreeMap<>();
    State state = State.OPEN;

    Upload(Entry entry, String id) {
        this.entry = entry;
        this.id = id;
    }

    Content content() {
        return Content.parts(List.copyOf(parts.values()));
    }

    String query() {
        return "uploadId=" + id;
    }

    String completion() {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        parts.forEach((number, piece) -> xml.append("<Part><PartNumber>")
                .append(number)
                .append("</PartNumber><ETag>\"")
                .append(piece.md5())
                .append("\"</ETag></Part>"));
        return xml.append("</CompleteMultipartUpload>").toString();
    }
}
