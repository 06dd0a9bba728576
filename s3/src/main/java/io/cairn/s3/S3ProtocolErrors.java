package io.cairn.s3;

import io.cairn.http.HeaderList;
import io.cairn.http.ProtocolError;
import io.cairn.http.ProtocolErrorRenderer;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.xml.ErrorDocument;
import io.cairn.wire.xml.XmlDocument;
import java.util.Optional;

/** Writes the HTTP server's own refusals as S3's error documents. Thread-safe. */
final class S3ProtocolErrors implements ProtocolErrorRenderer {
    private final RequestIds ids;

    S3ProtocolErrors(RequestIds ids) {
        this.ids = ids;
    }

    @Override
    public Rendered render(ProtocolError error) {
        String id = ids.next();
        S3Exception failure = new S3Exception(code(error.reason()), error.detail());
        byte[] content = new ErrorDocument(failure, Optional.empty(), Optional.empty(), "", id, ids.host()).toXml();
        HeaderList headers = HeaderList.of(
                "x-amz-request-id", id, "x-amz-id-2", ids.host(), "Content-Type", XmlDocument.CONTENT_TYPE);
        return new Rendered(headers, content);
    }

    private static S3Error code(ProtocolError.Reason reason) {
        return switch (reason) {
            case MALFORMED_REQUEST, AMBIGUOUS_LENGTH, UNSUPPORTED_VERSION, BODY_MALFORMED -> S3Error.INVALID_REQUEST;
            case TARGET_TOO_LONG -> S3Error.INVALID_URI;
            case HEADERS_TOO_LARGE -> S3Error.REQUEST_HEADER_SECTION_TOO_LARGE;
            case UNSUPPORTED_TRANSFER_CODING, UNSUPPORTED_EXPECTATION -> S3Error.NOT_IMPLEMENTED;
            case REQUEST_TIMEOUT -> S3Error.REQUEST_TIMEOUT;
            case BODY_TRUNCATED -> S3Error.INCOMPLETE_BODY;
            case OVERLOADED -> S3Error.SLOW_DOWN;
            case INTERNAL -> S3Error.INTERNAL_ERROR;
        };
    }
}
