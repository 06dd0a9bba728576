package io.cairn.s3;

import io.cairn.http.HeaderList;
import io.cairn.s3.RequestObserver.Completed;
import java.time.Duration;

/** What is known of a request so far, for its answer's headers and for the observer. Owned by one thread. */
final class Tally {
    private final String requestId;
    private final String hostId;
    private final long startNanos;
    private String operation = "";
    private String accessKey = "";
    private String bucket = "";
    private String errorCode = "";
    private int status;
    private long bytesIn;
    private long bytesOut;

    Tally(String requestId, String hostId, long startNanos) {
        this.requestId = requestId;
        this.hostId = hostId;
        this.startNanos = startNanos;
    }

    String requestId() {
        return requestId;
    }

    String hostId() {
        return hostId;
    }

    HeaderList.Builder headers() {
        return HeaderList.builder().add("x-amz-request-id", requestId).add("x-amz-id-2", hostId);
    }

    void understood(String name, String bucketName) {
        operation = name;
        bucket = bucketName;
    }

    void identified(String key) {
        accessKey = key;
    }

    void failed(String code) {
        errorCode = code;
    }

    void begin(int responseStatus) {
        status = responseStatus;
    }

    boolean begun() {
        return status != 0;
    }

    void received(int bytes) {
        bytesIn += Math.max(bytes, 0);
    }

    void sent(int bytes) {
        bytesOut += bytes;
    }

    String operation() {
        return operation;
    }

    Completed completed(long endNanos) {
        return new Completed(
                requestId,
                operation,
                accessKey,
                bucket,
                status,
                errorCode,
                bytesIn,
                bytesOut,
                Duration.ofNanos(endNanos - startNanos));
    }
}
