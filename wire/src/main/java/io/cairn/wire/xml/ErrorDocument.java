package io.cairn.wire.xml;

import io.cairn.wire.S3Exception;
import java.util.Map;
import java.util.Optional;

/** The answer to a request that failed. */
public record ErrorDocument(
        S3Exception failure,
        Optional<String> bucket,
        Optional<String> key,
        String resource,
        String requestId,
        String hostId)
        implements XmlDocument {
    @Override
    public void writeTo(XmlWriter out) {
        out.open("Error");
        out.element("Code", failure.error().code()).element("Message", failure.message());
        for (Map.Entry<String, String> element : failure.elements().entrySet()) {
            out.element(element.getKey(), element.getValue());
        }
        if (!failure.elements().containsKey("BucketName")) {
            out.optional("BucketName", bucket);
        }
        out.optional("Key", key);
        out.element("Resource", resource).element("RequestId", requestId).element("HostId", hostId);
        out.close("Error");
    }
}
