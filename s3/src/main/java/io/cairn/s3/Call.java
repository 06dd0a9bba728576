package io.cairn.s3;

import io.cairn.base.Checks;
import io.cairn.http.Exchange;
import io.cairn.http.HeaderList;
import io.cairn.http.ResponseBody;
import io.cairn.s3.request.RequestHead;
import io.cairn.wire.Header;
import io.cairn.wire.payload.ByteSource;
import io.cairn.wire.payload.PayloadSpec;
import io.cairn.wire.payload.VerifiedPayload;
import io.cairn.wire.xml.XmlDocument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request on its way through the face: its head, its sender, its body and its one response. Owned by one thread.
 */
final class Call {
    private static final byte[] NOTHING = new byte[0];

    private final Exchange exchange;
    private final RequestHead head;
    private final Caller caller;
    private final Tally tally;

    Call(Exchange exchange, RequestHead head, Caller caller, Tally tally) {
        this.exchange = exchange;
        this.head = head;
        this.caller = caller;
        this.tally = tally;
    }

    RequestHead head() {
        return head;
    }

    Caller caller() {
        return caller;
    }

    /** Tells who sends a request whose signature stands in its body. */
    void identified(String accessKey) {
        tally.identified(accessKey);
    }

    /** The URL of a path on this listener, as the client addressed it; the path alone where it did not say. */
    String url(String rawPath) {
        String host = head.header("host").orElse("").strip();
        return host.isEmpty() ? rawPath : (exchange.secure() ? "https://" : "http://") + host + rawPath;
    }

    /** The bytes of the body as they come from the socket. */
    ByteSource rawBody() {
        return (target, offset, length) -> {
            int count = exchange.body().read(target, offset, length);
            tally.received(count);
            return count;
        };
    }

    /** What the head says of a body that is content. */
    PayloadSpec spec() {
        return PayloadSpec.of(caller.payload(), head.headers());
    }

    VerifiedPayload open(PayloadSpec spec, VerifiedPayload.Wanted wanted) {
        return VerifiedPayload.open(spec, caller.signing(), rawBody(), wanted);
    }

    /** A body that is a document, verified to its end; a request without a body has an empty one. */
    byte[] document(int limit) throws IOException {
        return document(PayloadSpec.of(caller.payload(), documentHeaders()), limit);
    }

    byte[] document(PayloadSpec spec, int limit) throws IOException {
        return open(spec, VerifiedPayload.Wanted.nothing()).readAll(limit);
    }

    /** The headers, with a length for a request that has no body and does not say so. */
    List<Header> documentHeaders() {
        if (head.has("content-length") || exchange.body().contentLength().orElse(-1) != 0) {
            return head.headers();
        }
        List<Header> headers = new ArrayList<>(head.headers());
        headers.add(new Header("Content-Length", "0"));
        return headers;
    }

    /** Response headers with the request's id in them already. */
    HeaderList.Builder headers() {
        return tally.headers();
    }

    void empty(int status) {
        send(status, headers(), NOTHING);
    }

    void empty(int status, HeaderList.Builder headers) {
        send(status, headers, NOTHING);
    }

    void document(XmlDocument document) {
        document(headers(), document);
    }

    void document(HeaderList.Builder headers, XmlDocument document) {
        xml(200, headers, document.toXml());
    }

    /** Sends a document that is the same for everybody. */
    void document(String rootElement) {
        String declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + rootElement;
        xml(200, headers(), declared.getBytes(StandardCharsets.UTF_8));
    }

    void xml(int status, HeaderList.Builder headers, byte[] document) {
        send(status, headers.add("Content-Type", XmlDocument.CONTENT_TYPE), document);
    }

    private void send(int status, HeaderList.Builder headers, byte[] content) {
        tally.begin(status);
        tally.sent(content.length);
        exchange.send(status, headers.build(), content);
    }

    /** Begins a response whose content follows; it is whole only if it is closed. */
    ResponseBody begin(int status, HeaderList.Builder headers, long length) {
        tally.begin(status);
        return exchange.open(status, headers.build(), length);
    }

    void write(ResponseBody body, ByteBuffer content) {
        int length = content.remaining();
        Checks.check(length > 0, "a piece of content has bytes");
        body.write(content);
        tally.sent(length);
    }
}
