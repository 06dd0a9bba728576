package io.cairn.s3;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.engine.ObjectStore;
import io.cairn.http.Exchange;
import io.cairn.http.ExchangeFault;
import io.cairn.http.Handler;
import io.cairn.http.HeaderList;
import io.cairn.http.ProtocolErrorRenderer;
import io.cairn.model.CorruptFault;
import io.cairn.model.StorageFault;
import io.cairn.s3.request.HoistedHeaders;
import io.cairn.s3.request.RequestHead;
import io.cairn.s3.request.S3Request;
import io.cairn.s3.request.S3RequestDecoder;
import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.xml.ErrorDocument;
import io.cairn.wire.xml.XmlDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The S3 service of a node: identifies the sender of each request, decodes it, has the operation's family carry it out,
 * and turns failures into S3's errors. Thread-safe.
 */
public final class S3Service implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(S3Service.class);
    private static final byte[] NOTHING = new byte[0];

    private final S3RequestDecoder decoder;
    private final Gate gate;
    private final Operations operations;
    private final Clock clock;
    private final RequestObserver observer;
    private final RequestIds ids;

    public S3Service(ObjectStore store, S3Options options, Clock clock, Entropy entropy, RequestObserver observer) {
        this.decoder = new S3RequestDecoder(options.baseDomains());
        this.gate = new Gate(options, store.users(), clock);
        this.operations = new Operations(store, options, gate, clock);
        this.clock = clock;
        this.observer = observer;
        this.ids = new RequestIds(entropy);
    }

    /** Gives requests that the HTTP server refuses by itself an answer in S3's form. */
    public ProtocolErrorRenderer protocolErrors() {
        return new S3ProtocolErrors(ids);
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        Tally tally = new Tally(ids.next(), ids.host(), clock.nanos());
        try {
            serve(exchange, tally);
        } catch (S3Exception refusal) {
            fail(exchange, tally, refusal);
        } catch (StorageFault fault) {
            report(tally, fault);
            fail(exchange, tally, Refused.by(fault));
        } catch (ExchangeFault fault) {
            tally.failed(fault.kind().name());
            throw fault;
        } finally {
            observer.completed(tally.completed(clock.nanos()));
        }
    }

    private void serve(Exchange exchange, Tally tally) throws IOException {
        RequestHead sent = RequestHead.of(exchange.method(), exchange.target(), headers(exchange.headers()));
        Caller caller = gate.identify(sent);
        tally.identified(caller.accessKey());
        RequestHead head = caller.anonymous() ? sent : HoistedHeaders.of(sent);
        S3Request request = decoder.decode(head);
        tally.understood(request.operation(), bucketOf(request));
        gate.admit(caller, request);
        operations.carryOut(new Call(exchange, head, caller, tally), request);
    }

    private static String bucketOf(S3Request request) {
        return request instanceof S3Request.OnBucket named ? named.bucket().value() : "";
    }

    private static List<Header> headers(HeaderList list) {
        List<Header> headers = new ArrayList<>(list.size());
        list.forEach((name, value) -> headers.add(new Header(name, value)));
        return headers;
    }

    private static void report(Tally tally, StorageFault fault) {
        if (fault instanceof CorruptFault) {
            LOG.error("{} {} met damaged data: {}", tally.operation(), tally.requestId(), fault.getMessage());
        } else {
            LOG.warn("{} {} failed: {}", tally.operation(), tally.requestId(), fault.getMessage());
        }
    }

    /** Answers with the error; a response that has begun is cut, so that nobody takes it for a whole one. */
    private static void fail(Exchange exchange, Tally tally, S3Exception failure) {
        S3Error error = failure.error();
        tally.failed(error.code());
        if (tally.begun()) {
            exchange.abort();
            return;
        }
        tally.begin(error.status());
        HeaderList.Builder headers = tally.headers();
        if (error.status() == 503) {
            headers.add("Retry-After", "2");
        }
        byte[] content = NOTHING;
        if (!exchange.method().equals("HEAD") && error.status() != 304) {
            content = document(exchange, tally, failure);
            headers.add("Content-Type", XmlDocument.CONTENT_TYPE);
        }
        exchange.send(error.status(), headers.build(), content);
    }

    private static byte[] document(Exchange exchange, Tally tally, S3Exception failure) {
        String target = exchange.target();
        int mark = target.indexOf('?');
        String resource = mark < 0 ? target : target.substring(0, mark);
        return new ErrorDocument(
                        failure, Optional.empty(), Optional.empty(), resource, tally.requestId(), tally.hostId())
                .toXml();
    }
}
