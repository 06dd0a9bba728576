package io.cairn.s3;

import java.time.Duration;

/** Where finished requests are told to: metrics, audit. Called by the request's thread when the handler is done. */
@FunctionalInterface
public interface RequestObserver {
    void completed(Completed request);

    /**
     * A finished request.
     *
     * @param operation S3's name of it, empty when the request was refused before it was understood
     * @param accessKey who sent it, empty when that is not proven
     * @param bucket the bucket that it names, empty for none
     * @param status the HTTP status, 0 when no response was begun
     * @param errorCode S3's code of the failure, empty for none
     * @param bytesIn the content read from the client
     * @param bytesOut the content sent to the client
     */
    record Completed(
            String requestId,
            String operation,
            String accessKey,
            String bucket,
            int status,
            String errorCode,
            long bytesIn,
            long bytesOut,
            Duration duration) {}

    /** Nobody is told. */
    static RequestObserver none() {
        return _ -> {};
    }
}
