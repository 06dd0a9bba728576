package io.cairn.repository.seal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** A SHA-256: the name of a file, or of a blob. Ordered as its bytes. */
public record Id(long first, long second, long third, long fourth) implements Comparable<Id> {
    public static final int LENGTH = 32;
    public static final int DIGITS = 2 * LENGTH;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ThreadLocal<Sha256> SHA256 = ThreadLocal.withInitial(Sha256::make);

    /** The id of these bytes. */
    public static Id of(byte[] bytes, int offset, int length) {
        return at(SHA256.get().of(bytes, offset, length), 0);
    }

    public static Id of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** The id that stands at {@code offset}. */
    public static Id at(byte[] bytes, int offset) {
        return new Id(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + Long.BYTES),
                (long) LONG.get(bytes, offset + 2 * Long.BYTES),
                (long) LONG.get(bytes, offset + 3 * Long.BYTES));
    }

    /** Reads 64 hexadecimal digits. */
    public static Id parse(String hex) {
        if (hex.length() != DIGITS) {
            throw new IllegalArgumentException("not an id of 64 digits: '" + hex + "'");
        }
        return new Id(number(hex, 0), number(hex, 16), number(hex, 32), number(hex, 48));
    }

    /** 16 digits; an index is made of these. */
    private static long number(String hex, int from) {
        long number = 0;
        for (int i = from; i < from + 16; i++) {
            int digit = digit(hex.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("not an id of 64 digits: '" + hex + "'");
            }
            number = number << 4 | digit;
        }
        return number;
    }

    private static int digit(char letter) {
        if (letter >= '0' && letter <= '9') {
            return letter - '0';
        }
        int lower = letter | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** True for text that {@link #parse} takes. */
    public static boolean isId(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (digit(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.length() == DIGITS;
    }

    public void put(byte[] target, int offset) {
        LONG.set(target, offset, first);
        LONG.set(target, offset + Long.BYTES, second);
        LONG.set(target, offset + 2 * Long.BYTES, third);
        LONG.set(target, offset + 3 * Long.BYTES, fourth);
    }

    /** The first eight digits, as people are shown. */
    public String brief() {
        return HexFormat.of().toHexDigits(first).substring(0, 8);
    }

    @Override
    public int compareTo(Id other) {
        int order = Long.compareUnsigned(first, other.first);
        order = order == 0 ? Long.compareUnsigned(second, other.second) : order;
        order = order == 0 ? Long.compareUnsigned(third, other.third) : order;
        return order == 0 ? Long.compareUnsigned(fourth, other.fourth) : order;
    }

    /** The id is a hash already. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    /** All 64 digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(first) + hex.toHexDigits(second) + hex.toHexDigits(third) + hex.toHexDigits(fourth);
    }
}
