package io.cairn.repository.pack;

import io.cairn.base.Checks;
import io.cairn.repository.seal.Id;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The index in memory: which blobs lie where. Blobs are numbered in the order of adding, those of a pack in a row, so
 * that the pack of a blob is found by binary search and need not be stored with it.
 *
 * <p>Shape: 44 bytes per blob off the heap (id 32, offset 4, sealed length and type 4, plain length 4), in blocks of
 * 65,536 blobs, and a hash table of 4-byte numbers, filled to 3/4 at most. Ten million blobs take 440 MB and 67 MB. A
 * blob may be in several packs: each has a number; a lookup finds the first that was added. Nothing is ever removed; a
 * new index is loaded instead.
 *
 * <p>Safe for use by many threads. The memory is given back by {@link #close}.
 */
public final class CompactIndex implements AutoCloseable {
    private static final int ENTRY = 44;
    private static final int BLOCK_BITS = 16;
    private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;
    private static final int SLOTS_MIN = 1 << 10;
    private static final int TREE_BIT = 1 << 31;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final List<Id> packs = new ArrayList<>();
    private int[] firsts = new int[64];
    private int[] slots = new int[SLOTS_MIN];
    private int count;

    /** Adds a whole pack. */
    public synchronized void add(Id pack, List<PackedBlob> blobs) {
        if (packs.size() == firsts.length) {
            firsts = Arrays.copyOf(firsts, 2 * firsts.length);
        }
        firsts[packs.size()] = count;
        packs.add(pack);
        for (PackedBlob blob : blobs) {
            append(blob);
        }
    }

    private void append(PackedBlob blob) {
        Checks.check(count < Integer.MAX_VALUE, "an index has less than 2^31 blobs");
        if ((count & BLOCK_MASK) == 0) {
            blocks.add(arena.allocate((long) ENTRY << BLOCK_BITS, Integer.BYTES));
        }
        MemorySegment block = blocks.getLast();
        long at = (long) (count & BLOCK_MASK) * ENTRY;
        block.set(LONG, at, blob.id().first());
        block.set(LONG, at + 8, blob.id().second());
        block.set(LONG, at + 16, blob.id().third());
        block.set(LONG, at + 24, blob.id().fourth());
        block.set(INT, at + 32, blob.offset());
        block.set(INT, at + 36, blob.length() | (blob.type() == BlobType.TREE ? TREE_BIT : 0));
        block.set(INT, at + 40, blob.plainLength());
        count++;
        if (count > slots.length / 4 * 3) {
            grow();
        } else {
            insert(count - 1, blob.id().first());
        }
    }

    private void grow() {
        slots = new int[2 * slots.length];
        for (int i = 0; i < count; i++) {
            insert(i, first(i));
        }
    }

    /** Slots hold numbers plus one. Behind others with the same id, so that the first added is found first. */
    private void insert(int number, long hash) {
        int slot = slotOf(hash);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = number + 1;
    }

    private int slotOf(long hash) {
        return (int) (hash >>> 32) & slots.length - 1;
    }

    private long first(int number) {
        return blocks.get(number >>> BLOCK_BITS).get(LONG, (long) (number & BLOCK_MASK) * ENTRY);
    }

    /** The number of the first blob of that type and id, or −1. */
    public synchronized int find(BlobType type, Id id) {
        int slot = slotOf(id.first());
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (first(number) == id.first() && id(number).equals(id) && type(number) == type) {
                return number;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    public boolean has(BlobType type, Id id) {
        return find(type, id) >= 0;
    }

    /** Where to read that blob. */
    public synchronized Optional<Place> lookup(BlobType type, Id id) {
        int number = find(type, id);
        return number < 0 ? Optional.empty() : Optional.of(new Place(packs.get(packOf(number)), blob(number)));
    }

    /** A blob and the pack that has it. */
    public record Place(Id pack, PackedBlob blob) {}

    private Id id(int number) {
        MemorySegment block = blocks.get(number >>> BLOCK_BITS);
        long at = (long) (number & BLOCK_MASK) * ENTRY;
        return new Id(block.get(LONG, at), block.get(LONG, at + 8), block.get(LONG, at + 16), block.get(LONG, at + 24));
    }

    private BlobType type(int number) {
        int word = blocks.get(number >>> BLOCK_BITS).get(INT, (long) (number & BLOCK_MASK) * ENTRY + 36);
        return word < 0 ? BlobType.TREE : BlobType.DATA;
    }

    /** The blob of that number. */
    public synchronized PackedBlob blob(int number) {
        MemorySegment block = blocks.get(number >>> BLOCK_BITS);
        long at = (long) (number & BLOCK_MASK) * ENTRY;
        return new PackedBlob(
                type(number),
                id(number),
                block.get(INT, at + 32),
                block.get(INT, at + 36) & ~TREE_BIT,
                block.get(INT, at + 40));
    }

    /** The position of the pack of that blob in {@link #packs()}. */
    public synchronized int packOf(int number) {
        int found = Arrays.binarySearch(firsts, 0, packs.size(), number);
        int pack = found >= 0 ? found : -found - 2;
        // Packs without blobs share their first number with the next pack.
        while (pack + 1 < packs.size() && firsts[pack + 1] == number) {
            pack++;
        }
        return pack;
    }

    /** All packs, in the order of adding. */
    public synchronized List<Id> packs() {
        return List.copyOf(packs);
    }

    /** The blobs of the pack at that position. */
    public synchronized List<PackedBlob> blobsOf(int pack) {
        int end = pack + 1 < packs.size() ? firsts[pack + 1] : count;
        List<PackedBlob> blobs = new ArrayList<>(end - firsts[pack]);
        for (int i = firsts[pack]; i < end; i++) {
            blobs.add(blob(i));
        }
        return blobs;
    }

    /** The number of the first blob of the pack at that position. */
    public synchronized int firstOf(int pack) {
        return firsts[pack];
    }

    /** Sets the bits of all packs' numbers whose blobs are in {@code blobs}. */
    public synchronized BitSet packsOf(BitSet blobs) {
        BitSet found = new BitSet(packs.size());
        for (int i = blobs.nextSetBit(0); i >= 0; i = blobs.nextSetBit(i + 1)) {
            found.set(packOf(i));
        }
        return found;
    }

    /** Blobs, counting each copy. */
    public synchronized int size() {
        return count;
    }

    /** Bytes that it takes, on and off the heap. */
    public synchronized long memory() {
        long entries = (long) blocks.size() * ENTRY << BLOCK_BITS;
        return entries + 4L * slots.length + 4L * firsts.length + 64L * packs.size();
    }

    @Override
    public synchronized void close() {
        blocks.clear();
        Arrays.fill(slots, 0);
        arena.close();
    }
}
