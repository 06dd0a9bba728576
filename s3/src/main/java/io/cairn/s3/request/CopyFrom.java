package io.cairn.s3.request;

import io.cairn.model.BucketName;
import io.cairn.model.ObjectKey;

/** The object that a copy reads, and the conditions on it. */
public record CopyFrom(BucketName bucket, ObjectKey key, Conditions conditions) {}
