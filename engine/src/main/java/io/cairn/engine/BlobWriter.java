package io.cairn.engine;

import io.cairn.model.BlobId;
import io.cairn.model.BlobRef;
import io.cairn.model.Placement;
import io.cairn.model.Redundancy;
import io.cairn.model.StorageFault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the content of one upload as a blob: reads it stripe by stripe, keeps a few stripes in flight, and seals it.
 *
 * <p>A blob of one stripe is written once its content is complete and verified, with the finished row as the stripe's
 * own label. A longer one is written as it comes, under a provisional label, and gets a seal record at the end. Either
 * way the row is on the drives before the metadata learns of it, which is what salvage lives on. Thread-safe.
 */
final class BlobWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BlobWriter.class);
    private static final int STRIPES_IN_FLIGHT_MAX = 4;
    private static final byte[] NOTHING = {};

    private final EngineOptions options;
    private final StripeBuffers buffers;
    private final PlacementMap placement;
    private final StripeWriter stripes;
    private final Lease lease;
    private final BlobEraser eraser;

    BlobWriter(
            EngineOptions options,
            StripeBuffers buffers,
            PlacementMap placement,
            StripeWriter stripes,
            Lease lease,
            BlobEraser eraser) {
        this.options = options;
        this.buffers = buffers;
        this.placement = placement;
        this.stripes = stripes;
        this.lease = lease;
        this.eraser = eraser;
    }

    /** The content as it was read, before it is sealed. */
    record Draft(BlobRef blob, ContentSource.Facts facts) {}

    /** The blob on stable storage; {@code degraded} when a shard is missing and has to be repaired. */
    record Written(BlobRef blob, boolean degraded) {}

    /**
     * Reads the source to its end and makes it durable.
     *
     * @param length the length that the client announced, if it did
     * @param provisional the label of stripes that are written before the content is complete
     * @param seal makes the final label; called once, when the content is complete and verified
     */
    Written write(OptionalLong length, ContentSource source, byte[] provisional, Function<Draft, byte[]> seal)
            throws IOException {
        boolean small = length.isPresent() && length.getAsLong() <= Placement.SMALL_BYTES_MAX;
        int stripeBytes = small ? Placement.SMALL_BYTES_MAX : buffers.stripeBytesNow();
        BlobId id = lease.nextBlob();
        Run run = new Run(placement.layout(id, placement.redundancy(small)), stripeBytes, provisional);
        boolean done = false;
        try {
            Written written = run.write(length, source, seal);
            done = true;
            return written;
        } finally {
            run.close();
            if (!done) {
                eraser.erase(run.reference());
            }
        }
    }

    /** Writes a blob that has no content but its seal. */
    Written writeSeal(Function<BlobRef, byte[]> label) {
        BlobId id = lease.nextBlob();
        Redundancy redundancy = placement.redundancy(true);
        StripeWriter.Layout layout = placement.layout(id, redundancy);
        BlobRef blob = new BlobRef(id, 0, Placement.SMALL_BYTES_MAX, redundancy, layout.group());
        boolean complete =
                stripes.write(layout, 0, label.apply(blob), new byte[0], 0).await(options);
        return new Written(blob, !complete);
    }

    /** The writing of one blob, by the thread of its request. */
    private final class Run implements AutoCloseable {
        private final StripeWriter.Layout layout;
        private final int stripeBytes;
        private final byte[] provisional;
        private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
        private final byte[] peek = new byte[1];
        private byte @Nullable [] filling;
        private int beside;
        private int filled;
        private int stripe;
        private long length;
        private boolean degraded;

        Run(StripeWriter.Layout layout, int stripeBytes, byte[] provisional) {
            this.layout = layout;
            this.stripeBytes = stripeBytes;
            this.provisional = provisional;
        }

        BlobRef reference() {
            return new BlobRef(layout.blob(), length, stripeBytes, layout.redundancy(), layout.group());
        }

        Written write(OptionalLong announced, ContentSource source, Function<Draft, byte[]> seal) throws IOException {
            byte[] buffer = startBuffer(announced);
            int capacity = Math.min(buffer.length, stripeBytes);
            while (true) {
                int read = filled < capacity ? source.read(buffer, filled, capacity - filled) : 0;
                if (read < 0) {
                    break;
                }
                filled += read;
                length += read;
                if (filled == capacity) {
                    if (source.read(peek, 0, 1) < 0) {
                        break;
                    }
                    send(provisional, buffer);
                    buffer = takeBuffer();
                    capacity = stripeBytes;
                    buffer[0] = peek[0];
                    filled = 1;
                    length++;
                }
            }
            return finish(source.facts(), seal);
        }

        private byte[] startBuffer(OptionalLong announced) {
            int wanted = announced.isPresent() ? (int) Math.min(announced.getAsLong(), stripeBytes) : stripeBytes;
            return take(Math.max(1, wanted));
        }

        /** A buffer, and the budget for the shards that are made of it. */
        private byte[] take(int bytes) {
            int more = StripeWriter.shardBytes(layout.redundancy(), bytes);
            byte[] buffer = buffers.take(bytes, more);
            filling = buffer;
            beside = more;
            return buffer;
        }

        private byte[] takeBuffer() {
            // Its own stripes come back before it waits for those of others.
            while (inFlight.size() >= STRIPES_IN_FLIGHT_MAX || !inFlight.isEmpty() && !roomForOneMore()) {
                settle(inFlight.remove());
            }
            return take(stripeBytes);
        }

        private boolean roomForOneMore() {
            return buffers.roomFor(stripeBytes + StripeWriter.shardBytes(layout.redundancy(), stripeBytes));
        }

        private void send(byte[] label, byte[] buffer) {
            StripeTicket ticket = stripes.write(layout, stripe, label, buffer, filled);
            boolean sentFromBuffer = beside == 0;
            inFlight.add(new InFlight(ticket, sentFromBuffer ? buffer : NOTHING, beside));
            if (!sentFromBuffer) {
                buffers.give(buffer);
            }
            filling = null;
            beside = 0;
            stripe++;
            filled = 0;
        }

        private Written finish(ContentSource.Facts facts, Function<Draft, byte[]> seal) {
            BlobRef blob = reference();
            byte[] label = seal.apply(new Draft(blob, facts));
            byte[] last = java.util.Objects.requireNonNull(filling);
            boolean single = stripe == 0;
            send(single ? label : provisional, last);
            while (!inFlight.isEmpty()) {
                settle(inFlight.remove());
            }
            if (!single && !stripes.seal(layout, label).await(options)) {
                degraded = true;
            }
            return new Written(blob, degraded);
        }

        private void settle(InFlight sent) {
            try {
                if (!sent.ticket().await(options)) {
                    degraded = true;
                }
            } finally {
                recycle(sent);
            }
        }

        /** Waits for what is under way, so that the eraser finds it. */
        private void abandon(InFlight sent) {
            try {
                settle(sent);
            } catch (StorageFault fault) {
                LOG.debug("a stripe of the abandoned blob {} failed: {}", layout.blob(), fault.getMessage());
            }
        }

        private void recycle(InFlight sent) {
            buffers.release(sent.beside());
            if (sent.buffer().length == 0) {
                return;
            }
            if (sent.ticket().idle()) {
                buffers.give(sent.buffer());
            } else {
                buffers.forfeit(sent.buffer());
            }
        }

        @Override
        public void close() {
            while (!inFlight.isEmpty()) {
                abandon(inFlight.remove());
            }
            if (filling != null) {
                buffers.give(filling);
                buffers.release(beside);
                filling = null;
            }
        }
    }

    /**
     * A stripe on its way.
     *
     * @param buffer what copies are sent from; empty when shards were made of it
     * @param beside the budget that such shards take
     */
    private record InFlight(StripeTicket ticket, byte[] buffer, int beside) {}
}
