package io.cairn.host.crypt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.base.Checks;
import io.cairn.host.DirectoryEncryption;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Support;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.Kernel;
import io.cairn.host.kernel.PlatformThreads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * fscrypt with policies of version 2: contents by AES-256-XTS, names by AES-256-CBC-CTS padded to 32 bytes. Hidden are
 * contents and names; sizes, dates, owners and the shape of the tree are not. The kernel is given 64 bytes that HKDF
 * makes of the key, because before Linux 5.17 it takes no shorter ones for XTS. Stateless; safe for many threads.
 * Source: Documentation/filesystems/fscrypt.rst, linux/fscrypt.h.
 */
public final class FscryptDirectories implements DirectoryEncryption {
    private static final long SET_POLICY = 0x800c6613L;
    private static final long ADD_KEY = 0xc0506617L;
    private static final long REMOVE_KEY = 0xc0406618L;
    private static final long KEY_STATUS = 0xc080661aL;

    private static final int IDENTIFIER = 2;
    private static final int IDENTIFIER_BYTES = 16;
    private static final int IDENTIFIER_AT = 8;
    private static final int SPECIFIER_BYTES = 40;
    private static final int ADD_KEY_BYTES = 80;
    private static final int REMOVE_KEY_BYTES = 64;
    private static final int KEY_STATUS_BYTES = 128;
    private static final int FILES_BUSY = 1;

    private static final int POLICY_BYTES = 24;
    private static final byte POLICY_VERSION = 2;
    private static final byte AES_256_XTS = 1;
    private static final byte AES_256_CTS = 4;
    private static final byte PAD_32 = 3;
    private static final int POLICY_IDENTIFIER_AT = 8;

    private static final int RAW_KEY_BYTES = 64;
    private static final byte[] PURPOSE = "cairn fscrypt 1".getBytes(US_ASCII);

    @Override
    public Support support(Path mountpoint) {
        return on(mountpoint, directory -> {
            try (Arena arena = Arena.ofConfined()) {
                // A question about a key that nobody has; only whether it can be asked matters.
                long answer =
                        directory.ioctl(KEY_STATUS, specifier(arena, KEY_STATUS_BYTES, new byte[IDENTIFIER_BYTES]));
                return answer >= 0 ? new Support.Available() : new Support.Missing(reason(Kernel.errno(answer)));
            }
        });
    }

    private static String reason(Errno errno) {
        if (errno.equals(Errno.EOPNOTSUPP)) {
            return "the filesystem was not made for encryption (mkfs.ext4 -O encrypt)";
        }
        return errno.equals(Errno.ENOTTY)
                ? "this filesystem or this kernel cannot encrypt directories (fscrypt: ext4, CONFIG_FS_ENCRYPTION)"
                : "the filesystem cannot be asked whether it encrypts directories: " + errno;
    }

    @Override
    public String addKey(Path mountpoint, KeyMaterial key) {
        return on(mountpoint, directory -> {
            byte[] raw = stretched(key);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment argument = specifier(arena, ADD_KEY_BYTES + RAW_KEY_BYTES, new byte[IDENTIFIER_BYTES]);
                argument.set(ValueLayout.JAVA_INT, SPECIFIER_BYTES, RAW_KEY_BYTES);
                MemorySegment.copy(raw, 0, argument, ValueLayout.JAVA_BYTE, ADD_KEY_BYTES, RAW_KEY_BYTES);
                long answer = directory.ioctl(ADD_KEY, argument);
                argument.asSlice(ADD_KEY_BYTES).fill((byte) 0);
                directory.demand(answer, "give an encryption key to the filesystem at", "");
                byte[] identifier =
                        argument.asSlice(IDENTIFIER_AT, IDENTIFIER_BYTES).toArray(ValueLayout.JAVA_BYTE);
                return HexFormat.of().formatHex(identifier);
            } finally {
                Arrays.fill(raw, (byte) 0);
            }
        });
    }

    private static byte[] stretched(KeyMaterial key) {
        try {
            KDF hkdf = KDF.getInstance("HKDF-SHA512");
            return hkdf.deriveData(
                    HKDFParameterSpec.ofExtract().addIKM(key.bytes()).thenExpand(PURPOSE, RAW_KEY_BYTES));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java from 25 on has HKDF", missing);
        }
    }

    @Override
    public void setPolicy(Path directory, String keyIdentifier) {
        byte[] identifier = identifier(keyIdentifier);
        on(directory, opened -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment policy = arena.allocate(POLICY_BYTES, Long.BYTES);
                policy.set(ValueLayout.JAVA_BYTE, 0, POLICY_VERSION);
                policy.set(ValueLayout.JAVA_BYTE, 1, AES_256_XTS);
                policy.set(ValueLayout.JAVA_BYTE, 2, AES_256_CTS);
                policy.set(ValueLayout.JAVA_BYTE, 3, PAD_32);
                MemorySegment.copy(
                        identifier, 0, policy, ValueLayout.JAVA_BYTE, POLICY_IDENTIFIER_AT, IDENTIFIER_BYTES);
                opened.demand(
                        opened.ioctl(SET_POLICY, policy),
                        "encrypt the directory",
                        "it must be empty, and not be encrypted with another key");
                opened.sync();
                return Boolean.TRUE;
            }
        });
    }

    @Override
    public void removeKey(Path mountpoint, String keyIdentifier) {
        byte[] identifier = identifier(keyIdentifier);
        on(mountpoint, directory -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment argument = specifier(arena, REMOVE_KEY_BYTES, identifier);
                long answer = directory.ioctl(REMOVE_KEY, argument);
                if (Descriptor.is(answer, Errno.ENOKEY)) {
                    return Boolean.FALSE;
                }
                directory.demand(answer, "take an encryption key from the filesystem at", "");
                if ((argument.get(ValueLayout.JAVA_INT, SPECIFIER_BYTES) & FILES_BUSY) != 0) {
                    throw new HostFault(
                            "take an encryption key from the filesystem at",
                            mountpoint,
                            Errno.EBUSY,
                            "files that are open stay readable until they are closed; then do it again");
                }
                return Boolean.TRUE;
            }
        });
    }

    private static byte[] identifier(String hex) {
        byte[] identifier = HexFormat.of().parseHex(hex);
        Checks.check(identifier.length == IDENTIFIER_BYTES, "the identifier of a key has 16 bytes: %s", hex);
        return identifier;
    }

    private static MemorySegment specifier(Arena arena, int bytes, byte[] identifier) {
        MemorySegment argument = arena.allocate(bytes, Long.BYTES);
        argument.set(ValueLayout.JAVA_INT, 0, IDENTIFIER);
        MemorySegment.copy(identifier, 0, argument, ValueLayout.JAVA_BYTE, IDENTIFIER_AT, IDENTIFIER_BYTES);
        return argument;
    }

    private static <T> T on(Path path, Function<Descriptor, T> work) {
        return PlatformThreads.call(() -> {
            try (Descriptor directory = Descriptor.open(path, Descriptor.READ_ONLY | Descriptor.DIRECTORY)) {
                return work.apply(directory);
            }
        });
    }
}
