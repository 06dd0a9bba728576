package io.cairn.s3;

import io.cairn.engine.ObjectRead;
import io.cairn.engine.ObjectStore;
import io.cairn.http.HeaderList;
import io.cairn.http.ResponseBody;
import io.cairn.model.BucketRow;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.StoredChecksum;
import io.cairn.s3.request.ByteRange;
import io.cairn.s3.request.Conditions.Verdict;
import io.cairn.s3.request.Reading;
import io.cairn.s3.request.S3Request;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.Timestamps;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * GetObject and HeadObject. The first piece of the content is read and verified before the response begins; a fault
 * after that cuts the connection. Thread-safe.
 */
final class ObjectReads {
    /** How often a read starts over when the object is replaced between being found and being opened. */
    static final int ATTEMPTS = 8;

    private final ObjectStore store;
    private final BucketLookup lookup;

    ObjectReads(ObjectStore store, BucketLookup lookup) {
        this.store = store;
        this.lookup = lookup;
    }

    /** What of an object goes out: a slice of it, as the whole or as a part, and the checksum of just that. */
    private record Selection(ByteRange.Slice slice, boolean partial, Optional<StoredChecksum> checksum, int parts) {}

    void head(Call call, S3Request.HeadObject request) {
        ObjectRow row = find(lookup.existing(call, request.bucket()), request.key());
        if (unmodified(call, row, request.reading())) {
            return;
        }
        Selection selection = select(row, request.reading());
        HeaderList.Builder headers = headers(call, row, selection, request.reading());
        try (ResponseBody _ =
                call.begin(status(selection), headers, selection.slice().length())) {
            // The length is all that a HEAD has of the content.
        }
    }

    void get(Call call, S3Request.GetObject request) throws IOException {
        BucketRow bucket = lookup.existing(call, request.bucket());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ObjectRow row = find(bucket, request.key());
            if (unmodified(call, row, request.reading())) {
                return;
            }
            Selection selection = select(row, request.reading());
            if (send(call, bucket, row, selection, request.reading())) {
                return;
            }
        }
        throw new S3Exception(S3Error.SLOW_DOWN);
    }

    /** Sends the content; false when it was given back before it could be opened, so that nothing has been sent. */
    private boolean send(Call call, BucketRow bucket, ObjectRow row, Selection selection, Reading reading)
            throws IOException {
        ByteRange.Slice slice = selection.slice();
        if (slice.length() == 0) {
            call.empty(status(selection), headers(call, row, selection, reading));
            return true;
        }
        Optional<ObjectRead> opened = store.objects().open(bucket, row, slice.first(), slice.length());
        if (opened.isEmpty()) {
            return false;
        }
        try (ObjectRead read = opened.get()) {
            ResponseBody body = call.begin(status(selection), headers(call, row, selection, reading), slice.length());
            read.transferTo(piece -> call.write(body, piece));
            body.close();
        }
        return true;
    }

    private ObjectRow find(BucketRow bucket, ObjectKey key) {
        return store.objects()
                .find(bucket, key)
                .orElseThrow(() -> new S3Exception(S3Error.NO_SUCH_KEY).with("Key", key.value()));
    }

    /** Evaluates the conditions; when the client has the object already, says so and returns true. */
    private static boolean unmodified(Call call, ObjectRow row, Reading reading) {
        return switch (reading.conditions().of(row.etag(), row.modified())) {
            case Verdict.Holds _ -> false;
            case Verdict.Failed(String condition) ->
                throw new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", condition);
            case Verdict.NotModified _ -> {
                HeaderList.Builder headers = call.headers();
                ObjectHeaders.addValidators(headers, row);
                for (String name : new String[] {"cache-control", "expires"}) {
                    String value = row.headers().getOrDefault(name, "");
                    if (!value.isEmpty()) {
                        headers.add(name, value);
                    }
                }
                call.empty(304, headers);
                yield true;
            }
        };
    }

    private static Selection select(ObjectRow row, Reading reading) {
        if (reading.part().isPresent()) {
            return part(row, reading.part().getAsInt());
        }
        if (reading.range().isEmpty() || !rangeApplies(row, reading.ifRange())) {
            ByteRange.Slice whole = new ByteRange.Slice(0, row.size());
            return new Selection(whole, false, row.checksum(), row.parts().size());
        }
        ByteRange range = reading.range().get();
        ByteRange.Slice slice = range.of(row.size())
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_RANGE)
                        .with("RangeRequested", range.text())
                        .with("ActualObjectSize", row.size()));
        boolean whole = slice.length() == row.size();
        return new Selection(
                slice,
                true,
                whole ? row.checksum() : Optional.empty(),
                row.parts().size());
    }

    private static boolean rangeApplies(ObjectRow row, String ifRange) {
        return ifRange.isEmpty()
                || ifRange.strip().equals(row.etag().quoted())
                || Timestamps.parse(ifRange)
                        .filter(row.modified().truncatedTo(ChronoUnit.SECONDS)::equals)
                        .isPresent();
    }

    private static Selection part(ObjectRow row, int number) {
        if (!row.multipart()) {
            if (number != 1) {
                throw noSuchPart(number, 1);
            }
            return new Selection(new ByteRange.Slice(0, row.size()), row.size() > 0, row.checksum(), 1);
        }
        long first = 0;
        for (ObjectPart part : row.parts()) {
            if (part.number() == number) {
                ByteRange.Slice slice = new ByteRange.Slice(first, part.size());
                return new Selection(slice, part.size() > 0, part.checksum(), 1);
            }
            first += part.size();
        }
        throw noSuchPart(number, row.parts().size());
    }

    private static S3Exception noSuchPart(int number, int count) {
        return new S3Exception(S3Error.INVALID_PART_NUMBER)
                .with("PartNumberRequested", number)
                .with("ActualPartCount", count);
    }

    private static int status(Selection selection) {
        return selection.partial() ? 206 : 200;
    }

    private static HeaderList.Builder headers(Call call, ObjectRow row, Selection selection, Reading reading) {
        HeaderList.Builder headers = call.headers();
        ObjectHeaders.add(headers, row, reading.overrides());
        if (selection.partial()) {
            ByteRange.Slice slice = selection.slice();
            long last = slice.first() + slice.length() - 1;
            headers.add("Content-Range", "bytes " + slice.first() + "-" + last + "/" + row.size());
        }
        if (reading.part().isPresent() && row.multipart()) {
            headers.add("x-amz-mp-parts-count", Integer.toString(row.parts().size()));
        }
        if (reading.checksum() && selection.checksum().isPresent()) {
            ShownChecksum.add(headers, selection.checksum().get(), selection.parts());
        }
        return headers;
    }
}
