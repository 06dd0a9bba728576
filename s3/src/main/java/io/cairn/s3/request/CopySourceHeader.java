package io.cairn.s3.request;

import io.cairn.model.BucketName;
import io.cairn.model.ObjectKey;
import io.cairn.wire.Address;
import io.cairn.wire.Percent;

/** Reads {@code x-amz-copy-source}: {@code [/]bucket/key[?versionId=null]}, percent-encoded. Stateless. */
final class CopySourceHeader {
    private static final String VERSION = "?versionId=";

    private CopySourceHeader() {}

    static CopyFrom parse(String value, Conditions conditions) {
        String text = value.strip();
        int version = text.lastIndexOf(VERSION);
        if (version >= 0) {
            Names.requireNullVersion(text.substring(version + VERSION.length()));
            text = text.substring(0, version);
        }
        String path = Percent.decodePathText(text.startsWith("/") ? text.substring(1) : text);
        int slash = path.indexOf('/');
        if (slash < 1 || slash == path.length() - 1) {
            throw Parameters.invalid(
                    "x-amz-copy-source",
                    value,
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        String key = Address.of(path.substring(0, slash), path.substring(slash + 1))
                .key()
                .orElseThrow();
        BucketName bucket = Names.bucket(path.substring(0, slash));
        return new CopyFrom(bucket, new ObjectKey(key), conditions);
    }
}
