package io.cairn.s3;

import io.cairn.engine.ObjectStore;
import io.cairn.model.BucketRow;
import io.cairn.model.PartRow;
import io.cairn.model.UploadRow;
import io.cairn.s3.request.Listing;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.xml.ListParts;
import io.cairn.wire.xml.ListUploads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ListParts and ListMultipartUploads. Thread-safe. */
final class UploadListings {
    private static final String STORAGE_CLASS = "STANDARD";

    /** Comes behind every upload id, which are URL-safe base64: behind all uploads of a key. */
    private static final String LAST_ID = "~";

    private final ObjectStore store;
    private final BucketLookup lookup;

    UploadListings(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    void parts(Call call, S3Request.ListParts request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        UploadRow upload = MultipartUploads.existing(store, bucket, request.key(), request.upload());
        List<PartRow> found = request.limit() == 0
                ? List.of()
                : store.uploads().parts(upload.id(), request.after(), request.limit() + 1);
        boolean truncated = found.size() > request.limit();
        List<PartRow> page = truncated ? found.subList(0, request.limit()) : found;
        call.document(new ListParts(
                bucket.name().value(),
                request.key().value(),
                upload.id().value(),
                Account.OWNER,
                STORAGE_CLASS,
                request.after(),
                page.isEmpty() ? 0 : page.getLast().number(),
                request.limit(),
                truncated,
                false,
                upload.checksumAlgorithm(),
                upload.checksumKind().map(ShownChecksum::type),
                page.stream().map(UploadListings::part).toList()));
    }

    private static ListParts.Part part(PartRow part) {
        return new ListParts.Part(
                part.number(),
                part.modified(),
                part.etag().value(),
                part.size(),
                part.checksum().map(ShownChecksum::ofPart));
    }

    void uploads(Call call, S3Request.ListMultipartUploads request) {
        BucketRow bucket = lookup.existing(call, request.bucket());
        Page page = new Page(request);
        page.fill(bucket);
        Listing listing = request.listing();
        call.document(new ListUploads(
                bucket.name().value(),
                listing.prefix(),
                request.keyMarker(),
                request.keyMarker().isEmpty() ? "" : request.idMarker(),
                page.truncated ? Optional.of(page.lastKey) : Optional.empty(),
                page.truncated ? Optional.of(page.lastId) : Optional.empty(),
                Optional.of(listing.delimiter()).filter(delimiter -> !delimiter.isEmpty()),
                listing.limit(),
                page.truncated,
                listing.urlEncoded(),
                page.uploads,
                page.prefixes));
    }

    private static ListUploads.Upload listed(UploadRow upload) {
        return new ListUploads.Upload(
                upload.key().value(),
                upload.id().value(),
                Account.OWNER,
                STORAGE_CLASS,
                upload.begun(),
                upload.checksumAlgorithm(),
                upload.checksumKind().map(ShownChecksum::type));
    }

    /** A page of uploads in the making: rolls keys up to common prefixes. Owned by one thread. */
    private final class Page {
        private final Listing listing;
        private final List<ListUploads.Upload> uploads = new ArrayList<>();
        private final List<String> prefixes = new ArrayList<>();
        private String lastKey;
        private String lastId;
        private boolean truncated;

        Page(S3Request.ListMultipartUploads request) {
            listing = request.listing();
            lastKey = request.keyMarker();
            lastId = request.idMarker();
        }

        void fill(BucketRow bucket) {
            String scanKey = lastKey;
            String scanId = lastKey.isEmpty() ? "" : lastId.isEmpty() ? LAST_ID : lastId;
            boolean more = listing.limit() > 0;
            while (more) {
                List<UploadRow> batch =
                        store.uploads().list(bucket, listing.prefix(), scanKey, scanId, Listing.LIMIT_MAX);
                more = batch.size() == Listing.LIMIT_MAX;
                for (UploadRow upload : batch) {
                    if (!add(upload)) {
                        truncated = true;
                        return;
                    }
                    scanKey = upload.key().value();
                    scanId = upload.id().value();
                }
            }
        }

        /** Takes the upload in; false when the page was full before. */
        private boolean add(UploadRow upload) {
            String key = upload.key().value();
            String prefix = commonPrefix(key);
            if (!prefix.isEmpty() && prefix.equals(lastKey)) {
                return true;
            }
            if (uploads.size() + prefixes.size() == listing.limit()) {
                return false;
            }
            if (prefix.isEmpty()) {
                uploads.add(listed(upload));
                lastKey = key;
                lastId = upload.id().value();
            } else {
                prefixes.add(prefix);
                lastKey = prefix;
                lastId = "";
            }
            return true;
        }

        private String commonPrefix(String key) {
            if (listing.delimiter().isEmpty()) {
                return "";
            }
            int at = key.indexOf(listing.delimiter(), listing.prefix().length());
            return at < 0 ? "" : key.substring(0, at + listing.delimiter().length());
        }
    }
}
