package io.cairn.s3;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.engine.ObjectStore;
import io.cairn.model.BucketRow;
import io.cairn.model.ListPage;
import io.cairn.model.ListQuery;
import io.cairn.s3.request.Listing;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ChecksumType;
import io.cairn.wire.xml.ListObjects;
import io.cairn.wire.xml.ListObjectsV2;
import io.cairn.wire.xml.ListVersions;
import io.cairn.wire.xml.ListedObject;
import io.cairn.wire.xml.ListedVersion;
import io.cairn.wire.xml.Owner;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** ListObjects in its two versions and ListObjectVersions. Thread-safe. */
final class Listings {
    private static final String STORAGE_CLASS = "STANDARD";
    private static final String NULL_VERSION = "null";
    private static final Optional<Owner> OWNER = Optional.of(Account.OWNER);

    private final ObjectStore store;
    private final BucketLookup lookup;

    Listings(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    void version1(Call call, S3Request.ListObjects request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Listing listing = request.listing();
        ListPage page = page(bucket, listing, request.marker());
        call.document(new ListObjects(
                bucket.name().value(),
                listing.prefix(),
                request.marker(),
                next(page),
                delimiter(listing),
                listing.limit(),
                page.truncated(),
                listing.urlEncoded(),
                page.entries().stream().map(entry -> listed(entry, OWNER)).toList(),
                page.commonPrefixes()));
    }

    void version2(Call call, S3Request.ListObjectsV2 request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Listing listing = request.listing();
        String after = request.token().isEmpty() ? request.startAfter() : keyOf(request.token());
        ListPage page = page(bucket, listing, after);
        Optional<Owner> owner = request.owner() ? OWNER : Optional.empty();
        call.document(new ListObjectsV2(
                bucket.name().value(),
                listing.prefix(),
                delimiter(listing),
                present(request.startAfter()),
                present(request.token()),
                next(page).map(Listings::tokenOf),
                listing.limit(),
                page.truncated(),
                listing.urlEncoded(),
                page.entries().stream().map(entry -> listed(entry, owner)).toList(),
                page.commonPrefixes()));
    }

    /** Every object is the only version of itself. */
    void versions(Call call, S3Request.ListObjectVersions request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Listing listing = request.listing();
        ListPage page = page(bucket, listing, request.keyMarker());
        Optional<String> next = next(page);
        List<ListedVersion> versions = page.entries().stream()
                .<ListedVersion>map(entry -> new ListedVersion.Version(NULL_VERSION, true, listed(entry, OWNER)))
                .toList();
        call.document(new ListVersions(
                bucket.name().value(),
                listing.prefix(),
                request.keyMarker(),
                request.versionIdMarker(),
                next,
                next.map(_ -> NULL_VERSION),
                delimiter(listing),
                listing.limit(),
                page.truncated(),
                listing.urlEncoded(),
                versions,
                page.commonPrefixes()));
    }

    private ListPage page(BucketRow bucket, Listing listing, String after) {
        if (listing.limit() == 0) {
            return new ListPage(List.of(), List.of(), "");
        }
        return store.objects()
                .list(bucket, new ListQuery(listing.prefix(), listing.delimiter(), after, listing.limit()));
    }

    private static ListedObject listed(ListPage.Entry entry, Optional<Owner> owner) {
        String checksum = entry.checksum();
        int space = checksum.indexOf(' ');
        Optional<ChecksumAlgorithm> algorithm =
                space < 0 ? Optional.empty() : ChecksumAlgorithm.named(checksum.substring(0, space));
        Optional<ChecksumType> type = space < 0 ? Optional.empty() : ChecksumType.named(checksum.substring(space + 1));
        return new ListedObject(
                entry.key(),
                entry.modified(),
                entry.etag().value(),
                entry.size(),
                STORAGE_CLASS,
                owner,
                algorithm,
                type);
    }

    private static Optional<String> delimiter(Listing listing) {
        return present(listing.delimiter());
    }

    private static Optional<String> next(ListPage page) {
        return present(page.next());
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A continuation token: the key or prefix where the next page starts, in base64. */
    private static String tokenOf(String next) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(StandardCharsets.UTF_8));
    }

    private static String keyOf(String token) {
        try {
            byte[] utf8 = Base64.getUrlDecoder().decode(token);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException _) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect")
                    .with("ArgumentName", "continuation-token");
        }
    }
}
