package io.cairn.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A growing byte form in the making. Numbers are varints (seven bits a byte, lowest first, never longer than needed)
 * unless a method says otherwise; texts and byte runs have their length in front. For one thread.
 */
public final class Encoder {
    private static final int START_BYTES = 128;

    private byte[] bytes;
    private int length;

    public Encoder() {
        bytes = new byte[START_BYTES];
    }

    public Encoder octet(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** A number taken as unsigned: small ones are short, negative ones take ten bytes. */
    public Encoder number(long value) {
        room(Decoder.VARINT_BYTES_MAX);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** A number of either sign: those near zero are short. */
    public Encoder signed(long value) {
        return number(value << 1 ^ value >> 63);
    }

    /** Eight bytes, big-endian. */
    public Encoder fixed64(long value) {
        room(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** The bytes alone, without their length. */
    public Encoder raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    public Encoder bytes(byte[] value) {
        return number(value.length).raw(value);
    }

    public Encoder text(String value) {
        return bytes(value.getBytes(UTF_8));
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }
}
