package io.cairn.s3;

import io.cairn.http.HeaderList;
import io.cairn.model.ObjectRow;
import io.cairn.wire.Timestamps;
import java.util.Map;

/** The response headers that tell about an object. Stateless. */
final class ObjectHeaders {
    private static final String CONTENT_TYPE = "content-type";
    private static final String CONTENT_TYPE_DEFAULT = "binary/octet-stream";

    private ObjectHeaders() {}

    /** Adds entity tag, date and the stored headers, some of them replaced by what the request asks for. */
    static void add(HeaderList.Builder headers, ObjectRow row, Map<String, String> overrides) {
        addValidators(headers, row);
        headers.add("Accept-Ranges", "bytes");
        boolean typed = false;
        for (Map.Entry<String, String> stored : row.headers().entrySet()) {
            String name = stored.getKey();
            typed |= name.equals(CONTENT_TYPE);
            if (!overrides.containsKey(name)) {
                headers.add(name, stored.getValue());
            }
        }
        overrides.forEach(headers::add);
        if (!typed && !overrides.containsKey(CONTENT_TYPE)) {
            headers.add(CONTENT_TYPE, CONTENT_TYPE_DEFAULT);
        }
    }

    /** Adds what a client keeps to ask again whether the object has changed. */
    static void addValidators(HeaderList.Builder headers, ObjectRow row) {
        headers.add("ETag", row.etag().quoted());
        headers.add("Last-Modified", Timestamps.http(row.modified()));
    }
}
