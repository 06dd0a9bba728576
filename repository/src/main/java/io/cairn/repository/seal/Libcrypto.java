package io.cairn.repository.seal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.cairn.base.Checks;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * The functions of OpenSSL 3 that name and seal blobs, where this machine has them: as fast at the first call as at the
 * last, without a compiler of the JVM. Where it has not, Java's own do the same; decision 80 has the figures.
 *
 * <p>Functions work on arrays where they lie, which holds off the garbage collector; so a call gets {@link #SLICE}
 * bytes at most. All have one shape, five words in and one out, since Linux passes such arguments in registers on
 * x86-64 and AArch64 and a function looks only at its own; each further shape would cost 5 ms at every start.
 * Stateless; a context belongs to one thread.
 */
final class Libcrypto {
    /** Bytes for one call. */
    static final int SLICE = 1 << 20;

    static final MemorySegment NULL = MemorySegment.NULL;

    private static final String NAME = "libcrypto.so.3";
    private static final String SWITCH = "cairn.libcrypto";
    private static final FunctionDescriptor SHAPE =
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final FunctionDescriptor STRETCH_SHAPE = FunctionDescriptor.of(
            JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS,
            JAVA_LONG);

    /** The machine's configuration is not read; nothing is taken down at the end, when threads may still compute. */
    private static final long SETTINGS = 0x80 | 0x80000;

    private static final SymbolLookup LIBRARY = library();

    static final MethodHandle DIGEST_BEGIN = function("EVP_DigestInit_ex2");
    static final MethodHandle DIGEST_UPDATE = function("EVP_DigestUpdate");
    static final MethodHandle DIGEST_END = function("EVP_DigestFinal_ex");
    static final MethodHandle CIPHER_BEGIN = function("EVP_EncryptInit_ex2");
    static final MethodHandle CIPHER_UPDATE = function("EVP_EncryptUpdate");
    static final MethodHandle MAC_BEGIN = function("EVP_MAC_init");
    static final MethodHandle MAC_UPDATE = function("EVP_MAC_update");
    static final MethodHandle MAC_END = function("EVP_MAC_final");

    private static final MethodHandle STRETCH = LIBRARY.find("EVP_PBE_scrypt")
            .map(address -> Linker.nativeLinker().downcallHandle(address, STRETCH_SHAPE))
            .orElse(MethodHandles.empty(STRETCH_SHAPE.toMethodType()));

    private static final boolean STARTED = start();

    static final MemorySegment SHA256 = fetched("EVP_MD_fetch", "SHA2-256");
    static final MemorySegment COUNTER = fetched("EVP_CIPHER_fetch", "AES-256-CTR");
    static final MemorySegment BLOCK = fetched("EVP_CIPHER_fetch", "AES-128-ECB");
    static final MemorySegment POLY1305 = fetched("EVP_MAC_fetch", "POLY1305");

    /** Whether all of it is here. */
    static final boolean AVAILABLE = STARTED
            && SHA256.address() != 0
            && COUNTER.address() != 0
            && BLOCK.address() != 0
            && POLY1305.address() != 0;

    private Libcrypto() {}

    private static SymbolLookup library() {
        try {
            return Boolean.parseBoolean(System.getProperty(SWITCH, "true"))
                    ? SymbolLookup.libraryLookup(NAME, Arena.global())
                    : _ -> Optional.empty();
        } catch (IllegalArgumentException absent) {
            return _ -> Optional.empty();
        }
    }

    /** A function of the library; one that is missing answers with zero, which is a failure to all callers. */
    private static MethodHandle function(String name) {
        return LIBRARY.find(name)
                .map(address -> Linker.nativeLinker().downcallHandle(address, SHAPE, Linker.Option.critical(true)))
                .orElse(MethodHandles.empty(SHAPE.toMethodType()));
    }

    private static boolean start() {
        return (int) run(function("OPENSSL_init_crypto"), number(SETTINGS), NULL, NULL, NULL, NULL) == 1;
    }

    private static MemorySegment fetched(String function, String name) {
        try (Arena arena = Arena.ofConfined()) {
            return MemorySegment.ofAddress(run(function(function), NULL, arena.allocateFrom(name), NULL, NULL, NULL));
        }
    }

    /** A number as an argument. */
    static MemorySegment number(long value) {
        return MemorySegment.ofAddress(value);
    }

    /** Some bytes of an array as an argument. */
    static MemorySegment bytes(byte[] array, int offset, int length) {
        return MemorySegment.ofArray(array).asSlice(offset, length);
    }

    private static long run(
            MethodHandle function,
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            MemorySegment d,
            MemorySegment e) {
        try {
            return (long) function.invokeExact(a, b, c, d, e);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a function of " + NAME + " could not be called", impossible);
        }
    }

    /** Calls a function that answers 1 when it did its work. */
    static void require(
            MethodHandle function,
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            MemorySegment d,
            MemorySegment e) {
        Checks.check((int) run(function, a, b, c, d, e) == 1, "%s did not do its work", NAME);
    }

    /** A context made by one function, and given back by another when nobody has it any more. */
    static MemorySegment context(String create, MemorySegment argument, String free) {
        MemorySegment context = number(run(function(create), argument, NULL, NULL, NULL, NULL));
        Checks.check(context.address() != 0, "%s has memory", NAME);
        MethodHandle end = function(free);
        return context.reinterpret(Arena.ofAuto(), spent -> run(end, spent, NULL, NULL, NULL, NULL));
    }

    /** scrypt, or empty where it is missing or refuses. */
    static Optional<byte[]> stretch(byte[] password, byte[] salt, int n, int r, int p, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(length);
            long memory = 128L * r * (n + p + 2L) + (1 << 20);
            long done = (long) STRETCH.invokeExact(
                    arena.allocateFrom(JAVA_BYTE, password),
                    (long) password.length,
                    arena.allocateFrom(JAVA_BYTE, salt),
                    (long) salt.length,
                    (long) n,
                    (long) r,
                    (long) p,
                    memory,
                    key,
                    (long) length);
            return (int) done == 1 ? Optional.of(key.toArray(JAVA_BYTE)) : Optional.empty();
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new IllegalStateException("a function of " + NAME + " could not be called", impossible);
        }
    }
}
