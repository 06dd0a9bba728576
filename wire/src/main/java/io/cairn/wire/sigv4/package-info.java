/**
 * AWS Signature Version 4 as S3 uses it: {@link io.cairn.wire.sigv4.SigV4Verifier} for servers,
 * {@link io.cairn.wire.sigv4.SigV4Signer} for clients, and the chain of chunk signatures that both share. Knows neither
 * HTTP libraries nor where keys are kept. Source: "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3
 * API Reference.
 */
@NullMarked
package io.cairn.wire.sigv4;

import org.jspecify.annotations.NullMarked;
