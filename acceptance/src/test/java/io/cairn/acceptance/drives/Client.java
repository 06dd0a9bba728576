package io.cairn.acceptance.drives;

import io.cairn.engine.CompleteResult;
import io.cairn.engine.ObjectRead;
import io.cairn.engine.ObjectStore;
import io.cairn.engine.PartChoice;
import io.cairn.engine.PutResult;
import io.cairn.engine.Uploads;
import io.cairn.model.BucketName;
import io.cairn.model.BucketRow;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.Outcome;
import io.cairn.model.Precondition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A client of one bucket that speaks to the engine as the faces do. Thread-safe. */
record Client(ObjectStore store, BucketRow bucket) {
    /** The same client for a load, which does not ask for rows. */
    ObjectBucket forLoad() {
        Client client = this;
        return new ObjectBucket() {
            @Override
            public void put(String key, byte[] bytes) {
                ObjectRow _ = client.put(key, bytes);
            }

            @Override
            public void putParts(String key, byte[] bytes, int partBytes) {
                ObjectRow _ = client.putParts(key, bytes, partBytes);
            }

            @Override
            public void delete(String key) {
                client.delete(key);
            }

            @Override
            public Optional<byte[]> get(String key) {
                return client.get(key);
            }
        };
    }

    static final Map<String, String> HEADERS =
            Map.of("content-type", "application/x-test", "x-amz-meta-colour", "gr\u00fcn");

    static Client of(ObjectStore store, String bucket) {
        BucketName name = new BucketName(bucket);
        if (store.buckets().find(name).isEmpty()) {
            Outcome _ = store.buckets().create(name, "owner", "us-east-1");
        }
        return new Client(store, store.buckets().find(name).orElseThrow());
    }

    ObjectRow put(String key, byte[] bytes) {
        try {
            return switch (store.objects()
                    .put(
                            bucket,
                            new ObjectKey(key),
                            HEADERS,
                            new Precondition.None(),
                            OptionalLong.of(bytes.length),
                            new Content(bytes))) {
                case PutResult.Stored(ObjectRow row) -> row;
                case PutResult.Refused(Outcome reason) -> throw new IllegalStateException("put: " + reason);
            };
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Puts the content as an upload of parts of the given size. */
    ObjectRow putParts(String key, byte[] bytes, int partBytes) {
        Uploads uploads = store.uploads();
        var begun = (Uploads.Begun.Started)
                uploads.begin(bucket, new ObjectKey(key), "owner", HEADERS, Optional.empty(), Optional.empty());
        List<PartChoice> choices = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += partBytes) {
            byte[] part = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + partBytes));
            choices.add(putPart(begun, choices.size() + 1, part));
        }
        return switch (uploads.complete(bucket, begun.upload(), choices, new Precondition.None(), Optional.empty())) {
            case CompleteResult.Stored(ObjectRow row) -> row;
            case CompleteResult other -> throw new IllegalStateException("complete: " + other);
        };
    }

    PartChoice putPart(Uploads.Begun.Started begun, int number, byte[] part) {
        try {
            var stored = store.uploads()
                    .put(bucket, begun.upload(), number, OptionalLong.of(part.length), new Content(part));
            return switch (stored) {
                case Uploads.PartPut.Stored(var row) -> new PartChoice(number, row.etag(), Optional.empty());
                case Uploads.PartPut.Refused(Outcome reason) -> throw new IllegalStateException("part: " + reason);
            };
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    void delete(String key) {
        Outcome outcome = store.objects().delete(bucket, new ObjectKey(key), new Precondition.None());
        if (!(outcome instanceof Outcome.Deleted || outcome instanceof Outcome.NoSuchKey)) {
            throw new IllegalStateException("delete: " + outcome);
        }
    }

    Optional<ObjectRow> find(String key) {
        return store.objects().find(bucket, new ObjectKey(key));
    }

    /** The content, or empty when there is no such object. A row that was replaced meanwhile is looked up again. */
    Optional<byte[]> get(String key) {
        while (true) {
            Optional<ObjectRow> row = find(key);
            if (row.isEmpty()) {
                return Optional.empty();
            }
            Optional<ObjectRead> opened =
                    store.objects().open(bucket, row.get(), 0, row.get().size());
            if (opened.isPresent()) {
                try (ObjectRead read = opened.get()) {
                    return Optional.of(all(read));
                }
            }
        }
    }

    private static byte[] all(ObjectRead read) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) read.row().size());
        try {
            read.transferTo(piece -> {
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                bytes.writeBytes(copy);
            });
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
