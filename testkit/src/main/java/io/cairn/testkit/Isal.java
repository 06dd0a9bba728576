package io.cairn.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;

/**
 * Intel's erasure code (Debian's {@code libisal2}) through the foreign function interface: the yardstick for ours in
 * tests and benchmarks. Holds the buffers of one stripe outside of the heap until the process ends. Used by one thread.
 */
public final class Isal {
    private static final String LIBRARY = "libisal.so.2";

    /** The encoder that picks the best one for the processor; {@code ec_encode_data_avx2} and others are there too. */
    public static final String ENCODER = "ec_encode_data";

    private static final int TABLE_BYTES = 32;
    private static final int ALIGNMENT = 64;

    private final EncodeData encodeData;
    private final int dataShards;
    private final int parityShards;
    private final int length;
    private final MemorySegment tables;
    private final MemorySegment data;
    private final MemorySegment parity;
    private final MemorySegment dataPointers;
    private final MemorySegment parityPointers;

    private Isal(SymbolLookup library, String function, int dataShards, int parityShards, int length) {
        this.dataShards = dataShards;
        this.parityShards = parityShards;
        this.length = length;
        Arena arena = Arena.ofAuto();
        tables = parityTables(library, arena, dataShards, parityShards);
        data = arena.allocate((long) dataShards * length, ALIGNMENT);
        parity = arena.allocate((long) parityShards * length, ALIGNMENT);
        dataPointers = pointers(arena, data, dataShards);
        parityPointers = pointers(arena, parity, parityShards);
        encodeData =
                function(library, function, EncodeData.class, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    }

    /** A stripe of that many shards of {@code length} bytes; empty where the library is not installed. */
    public static Optional<Isal> stripe(String encoder, int dataShards, int parityShards, int length) {
        try {
            SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
            return Optional.of(new Isal(library, encoder, dataShards, parityShards, length));
        } catch (IllegalArgumentException notInstalled) {
            return Optional.empty();
        }
    }

    /** Copies a data shard in. */
    public void data(int shard, byte[] bytes) {
        MemorySegment.copy(bytes, 0, data, JAVA_BYTE, (long) shard * length, length);
    }

    /** Computes all parity shards. */
    public void encode() {
        encodeData.call(length, dataShards, parityShards, tables, dataPointers, parityPointers);
    }

    /** A copy of a parity shard. */
    public byte[] parity(int shard) {
        return parity.asSlice((long) shard * length, length).toArray(JAVA_BYTE);
    }

    private static MemorySegment parityTables(SymbolLookup library, Arena arena, int k, int m) {
        MemorySegment matrix = arena.allocate((long) (k + m) * k);
        function(library, "gf_gen_cauchy1_matrix", GenerateMatrix.class, ADDRESS, JAVA_INT, JAVA_INT)
                .call(matrix, k + m, k);
        MemorySegment tables = arena.allocate((long) k * m * TABLE_BYTES, ALIGNMENT);
        function(library, "ec_init_tables", InitialiseTables.class, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS)
                .call(k, m, matrix.asSlice((long) k * k), tables);
        return tables;
    }

    private static MemorySegment pointers(Arena arena, MemorySegment shards, int count) {
        MemorySegment pointers = arena.allocate(ADDRESS, count);
        for (int shard = 0; shard < count; shard++) {
            pointers.setAtIndex(ADDRESS, shard, shards.asSlice(shards.byteSize() / count * shard));
        }
        return pointers;
    }

    /** A C function of that name, behind an interface, whose call costs nanoseconds. */
    private static <T> T function(SymbolLookup library, String name, Class<T> type, MemoryLayout... arguments) {
        MethodHandle function =
                Linker.nativeLinker().downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
        return MethodHandleProxies.asInterfaceInstance(type, function);
    }

    /** {@code gf_gen_cauchy1_matrix}. */
    @FunctionalInterface
    public interface GenerateMatrix {
        void call(MemorySegment matrix, int rows, int columns);
    }

    /** {@code ec_init_tables}. */
    @FunctionalInterface
    public interface InitialiseTables {
        void call(int dataShards, int parityShards, MemorySegment matrix, MemorySegment tables);
    }

    /** {@code ec_encode_data}. */
    @FunctionalInterface
    public interface EncodeData {
        void call(
                int length,
                int dataShards,
                int parityShards,
                MemorySegment tables,
                MemorySegment data,
                MemorySegment parity);
    }
}
