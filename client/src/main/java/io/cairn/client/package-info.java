/**
 * The Java client of S3: signed requests to Cairn or any other store, with retries, timeouts and streaming bodies.
 * Knows no engine and no repository.
 */
@NullMarked
package io.cairn.client;

import org.jspecify.annotations.NullMarked;
