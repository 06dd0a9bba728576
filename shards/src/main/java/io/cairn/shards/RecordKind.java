package io.cairn.shards;

/** What a record of a segment is. The codes are part of the format. */
enum RecordKind {
    SHARD(1),
    TOMBSTONES(2),
    TRAILER(3);

    final int code;

    RecordKind(int code) {
        this.code = code;
    }
}
