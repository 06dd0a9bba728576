package io.cairn.wire.sigv4;

/** Who a request comes from, as far as its signature tells. */
public sealed interface Authentication {
    /** The request carries no signature at all. */
    record Anonymous() implements Authentication {}

    /**
     * The request is signed, freshly enough, by the holder of the access key's secret. The signature covers the body
     * only as far as {@code payload} says, and only once the body was read and verified to its end.
     */
    record Signed(String accessKey, PayloadMode payload, SigningContext context) implements Authentication {}
}
