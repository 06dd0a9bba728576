package io.cairn.engine;

import io.cairn.erasure.ErasureCode;
import io.cairn.erasure.ErasureScheme;
import io.cairn.model.BlobId;
import io.cairn.model.DriveFault;
import io.cairn.model.DriveId;
import io.cairn.model.Redundancy;
import io.cairn.model.ShardKey;
import io.cairn.model.ShardStore;
import io.cairn.model.ShardWrite;
import io.cairn.model.StorageFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts a stripe into shards and sends them to the drives of its group. Copies all carry the shard index 0, so that any
 * drive's copy serves for any other; the shards of an erasure coded stripe are numbered. Thread-safe.
 */
final class StripeWriter {
    private static final byte[] NOTHING = new byte[0];

    private final DriveSet drives;
    private final Map<Redundancy.Erasure, ErasureCode> codes = new ConcurrentHashMap<>();

    StripeWriter(DriveSet drives) {
        this.drives = drives;
    }

    /**
     * Sends the first {@code length} bytes of the buffer as one stripe; the buffer is in use until the ticket is idle.
     */
    StripeTicket write(Layout layout, int stripe, byte[] label, byte[] buffer, int length) {
        List<CompletableFuture<Void>> sent = switch (layout.redundancy()) {
            case Redundancy.Copies _ -> sendCopies(layout, stripe, label, buffer, length);
            case Redundancy.Erasure erasure -> sendCoded(layout, erasure, stripe, label, buffer, length);
        };
        return new StripeTicket(
                layout.blob() + "/" + stripe, layout.redundancy().quorum(), sent);
    }

    /** The bytes that the shards of a stripe take beside its buffer: copies are sent from the buffer itself. */
    static int shardBytes(Redundancy redundancy, int length) {
        return switch (redundancy) {
            case Redundancy.Copies _ -> 0;
            case Redundancy.Erasure erasure -> erasure.width() * Math.ceilDiv(length, erasure.data());
        };
    }

    /** Sends the seal of a blob: its label on as many drives as must not all be lost together. */
    StripeTicket seal(Layout layout, byte[] label) {
        Redundancy.Copies copies = sealCopies(layout.redundancy());
        Layout narrowed = new Layout(
                layout.blob(),
                copies,
                layout.group(),
                layout.drives()
                        .subList(0, Math.min(copies.count(), layout.drives().size())));
        List<CompletableFuture<Void>> sent = sendCopies(narrowed, ShardKey.SEAL, label, NOTHING, 0);
        return new StripeTicket(layout.blob() + "/seal", copies.quorum(), sent);
    }

    /** A seal survives the loss of as many drives as the content does. */
    static Redundancy.Copies sealCopies(Redundancy redundancy) {
        return switch (redundancy) {
            case Redundancy.Copies copies -> copies;
            case Redundancy.Erasure(int _, int parity) -> new Redundancy.Copies(parity + 1);
        };
    }

    ErasureCode code(Redundancy.Erasure erasure) {
        return codes.computeIfAbsent(erasure, key -> new ErasureCode(new ErasureScheme(key.data(), key.parity())));
    }

    private List<CompletableFuture<Void>> sendCopies(
            Layout layout, int stripe, byte[] label, byte[] buffer, int length) {
        ShardKey key = new ShardKey(layout.blob(), stripe, 0);
        List<CompletableFuture<Void>> sent = new ArrayList<>(layout.width());
        for (int i = 0; i < layout.width(); i++) {
            sent.add(send(layout.drive(i), new ShardWrite(key, label, buffer, 0, length)));
        }
        return sent;
    }

    private List<CompletableFuture<Void>> sendCoded(
            Layout layout, Redundancy.Erasure erasure, int stripe, byte[] label, byte[] buffer, int length) {
        int shardLength = (length + erasure.data() - 1) / erasure.data();
        byte[][] data = new byte[erasure.data()][shardLength];
        for (int i = 0; i < data.length; i++) {
            int from = Math.min(length, i * shardLength);
            System.arraycopy(buffer, from, data[i], 0, Math.min(shardLength, length - from));
        }
        byte[][] parity = new byte[erasure.parity()][shardLength];
        code(erasure).encode(data, parity, 0, shardLength);
        List<CompletableFuture<Void>> sent = new ArrayList<>(erasure.width());
        for (int i = 0; i < erasure.width(); i++) {
            byte[] shard = i < data.length ? data[i] : parity[i - data.length];
            ShardKey key = new ShardKey(layout.blob(), stripe, i);
            sent.add(send(layout.drive(i), new ShardWrite(key, label, shard, 0, shardLength)));
        }
        return sent;
    }

    private CompletableFuture<Void> send(Optional<DriveId> id, ShardWrite shard) {
        Optional<ShardStore> drive = id.flatMap(drives::get);
        if (drive.isEmpty()) {
            return StripeTicket.failed(new DriveFault(DriveFault.Kind.GONE, "no open drive for shard " + shard.key()));
        }
        try {
            return drive.get().append(shard);
        } catch (StorageFault fault) {
            return StripeTicket.failed(fault);
        }
    }

    /** Where a blob's shards go: the drives of its group in order, fewer than the width when drives are lost. */
    record Layout(BlobId blob, Redundancy redundancy, int group, List<DriveId> drives) {
        Layout {
            drives = List.copyOf(drives);
        }

        int width() {
            return redundancy.width();
        }

        Optional<DriveId> drive(int shard) {
            return shard < drives.size() ? Optional.of(drives.get(shard)) : Optional.empty();
        }
    }
}
