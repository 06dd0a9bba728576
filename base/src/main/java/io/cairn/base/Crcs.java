package io.cairn.base;

/**
 * Arithmetic on cyclic redundancy checks: the CRC of a concatenation from the CRCs of its pieces, which is how the
 * full-object checksum of a multipart upload is found without reading the parts again.
 *
 * <p>A CRC is a polynomial over GF(2) modulo the generator. Appending n bytes multiplies it by x⁸ⁿ, found by repeated
 * squaring in at most 126 multiplications, so the cost does not depend on how long the pieces are. Stateless.
 */
public final class Crcs {
    private static final int CRC32_BITS = 32;
    private static final long CRC32_POLYNOMIAL = 0xedb88320L;
    private static final long CRC32C_POLYNOMIAL = 0x82f63b78L;

    private Crcs() {}

    /**
     * The digest of A followed by B, from their digests and the length of B in bytes.
     *
     * @throws IllegalArgumentException if the algorithm is no CRC, a digest has the wrong length, or B a negative one
     */
    public static byte[] combine(ChecksumAlgorithm algorithm, byte[] digestA, byte[] digestB, long lengthB) {
        int length = algorithm.digestLength();
        if (digestA.length != length || digestB.length != length) {
            throw new IllegalArgumentException("a %s digest has %d bytes, not %d and %d"
                    .formatted(algorithm, length, digestA.length, digestB.length));
        }
        return toBytes(combine(algorithm, toValue(digestA), toValue(digestB), lengthB), length);
    }

    /** As {@link #combine(ChecksumAlgorithm, byte[], byte[], long)}, on CRCs in the low bits of a long. */
    public static long combine(ChecksumAlgorithm algorithm, long crcA, long crcB, long lengthB) {
        if (lengthB < 0) {
            throw new IllegalArgumentException("a length cannot be negative: " + lengthB);
        }
        return switch (algorithm) {
            case CRC32 -> append(crcA, crcB, lengthB, CRC32_POLYNOMIAL, CRC32_BITS);
            case CRC32C -> append(crcA, crcB, lengthB, CRC32C_POLYNOMIAL, CRC32_BITS);
            case CRC64NVME -> append(crcA, crcB, lengthB, Crc64Nvme.POLYNOMIAL, Long.SIZE);
            case SHA1, SHA256 -> throw new IllegalArgumentException(algorithm + " digests cannot be combined");
        };
    }

    private static long append(long crcA, long crcB, long lengthB, long polynomial, int bits) {
        return multiply(crcA, powerOfX8(lengthB, polynomial, bits), polynomial, bits) ^ crcB;
    }

    /** x⁸ⁿ modulo the polynomial. */
    private static long powerOfX8(long n, long polynomial, int bits) {
        long one = 1L << bits - 1;
        long power = one;
        long square = one >>> Byte.SIZE;
        for (long left = n; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = multiply(power, square, polynomial, bits);
            }
            square = multiply(square, square, polynomial, bits);
        }
        return power;
    }

    /** The product modulo the polynomial. All are reflected: the highest of the {@code bits} bits is x⁰. */
    private static long multiply(long a, long b, long polynomial, int bits) {
        long product = 0;
        long shifted = b;
        for (long rest = a << Long.SIZE - bits; rest != 0; rest <<= 1) {
            if (rest < 0) {
                product ^= shifted;
            }
            shifted = shifted >>> 1 ^ (-(shifted & 1) & polynomial);
        }
        return product;
    }

    static byte[] toBytes(long crc, int length) {
        byte[] bytes = new byte[length];
        long rest = crc;
        for (int i = length - 1; i >= 0; i--) {
            bytes[i] = (byte) rest;
            rest >>>= Byte.SIZE;
        }
        return bytes;
    }

    private static long toValue(byte[] digest) {
        long value = 0;
        for (byte b : digest) {
            value = value << Byte.SIZE | (b & 0xff);
        }
        return value;
    }
}
