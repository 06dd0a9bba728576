package io.cairn.model;

import java.util.List;
import java.util.Optional;

/**
 * The byte form of the catalogue that every drive keeps a copy of ({@code docs/formats/catalogue.md}): what salvage
 * cannot learn from shards. Decoding throws {@link CorruptFault}. Safe for use by many threads.
 */
public final class CatalogueCodec {
    private static final int VERSION = 1;

    private CatalogueCodec() {}

    /** Buckets, access keys and the placement map at one moment. */
    public record Content(List<BucketRow> buckets, List<UserRow> users, Optional<Placement> placement) {
        public Content {
            buckets = List.copyOf(buckets);
            users = List.copyOf(users);
        }
    }

    public static byte[] encode(Content content) {
        Encoder out = new Encoder().octet(VERSION);
        Forms.list(out, content.buckets(), RowForms::bucket);
        Forms.list(out, content.users(), RowForms::user);
        Forms.optional(out, content.placement(), RowForms::placement);
        return out.toBytes();
    }

    public static Content decode(byte[] bytes) {
        return Decoder.whole("catalogue", bytes, in -> {
            in.version(VERSION);
            return new Content(
                    in.list(RowForms::bucket), in.list(RowForms::user), Forms.optional(in, RowForms::placement));
        });
    }
}
