package io.cairn.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/** The column families, in the order of their handles. See {@code docs/formats/metadata-rows.md}. */
enum Family {
    META,
    BUCKETS,
    OBJECTS,
    MANIFESTS,
    UPLOADS,
    PARTS,
    RECLAIM,
    REPAIRS,
    USERS;

    byte[] stored() {
        return name().toLowerCase(Locale.ROOT).getBytes(US_ASCII);
    }
}
