package io.cairn.model;

import java.time.Instant;

/** A bucket. Its id stands for it in every other row and is never given to another bucket, even after its deletion. */
public record BucketRow(BucketName name, long id, Instant created, String owner, String region) {}
