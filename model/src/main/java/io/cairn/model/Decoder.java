package io.cairn.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what an {@link Encoder} wrote, and nothing else: every step is checked against the end of the input, a count
 * can never make it allocate more than the input's own size, overlong numbers, malformed UTF-8 and bytes behind the end
 * are refused. Every refusal is a {@link CorruptFault}. For one thread.
 */
public final class Decoder {
    static final int VARINT_BYTES_MAX = 10;
    private static final char REPLACEMENT = '\ufffd';

    private final String form;
    private final byte[] bytes;
    private final int end;
    private int position;

    /** @param form what the bytes should be, for messages */
    public Decoder(String form, byte[] bytes) {
        this(form, bytes, 0, bytes.length);
    }

    public Decoder(String form, byte[] bytes, int offset, int length) {
        this.form = form;
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    /** Decodes the whole input; a value that its own type refuses is corrupt too. */
    static <T> T whole(String form, byte[] bytes, Function<Decoder, T> reader) {
        Decoder in = new Decoder(form, bytes);
        try {
            T value = reader.apply(in);
            in.finish();
            return value;
        } catch (IllegalArgumentException refused) {
            throw new CorruptFault(in.place() + refused.getMessage(), refused);
        }
    }

    public int remaining() {
        return end - position;
    }

    public int octet() {
        need(1);
        return bytes[position++] & 0xff;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0 || shift == 63 && next > 1) {
                    throw refuse("overlong number");
                }
                return value;
            }
        }
        throw refuse("number of more than 64 bits");
    }

    /** A number that must fit an {@code int} and not be negative. */
    public int count() {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw refuse("number out of range: " + value);
        }
        return (int) value;
    }

    public long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    public long fixed64() {
        need(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | bytes[position++] & 0xff;
        }
        return value;
    }

    public byte[] raw(int length) {
        need(length);
        byte[] value = new byte[length];
        System.arraycopy(bytes, position, value, 0, length);
        position += length;
        return value;
    }

    public byte[] bytes() {
        return raw(count());
    }

    public String text() {
        int length = count();
        need(length);
        String value = new String(bytes, position, length, UTF_8);
        if (value.indexOf(REPLACEMENT) >= 0) {
            strictly(length);
        }
        position += length;
        return value;
    }

    /** A list whose every element takes at least one byte. */
    public <T> List<T> list(Function<Decoder, T> element) {
        int count = count();
        need(count);
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(element.apply(this));
        }
        return values;
    }

    /** Checks that the form's first byte is the one version that this program knows. */
    public void version(int known) {
        int version = octet();
        if (version != known) {
            throw refuse("version " + version + ", this program knows " + known);
        }
    }

    /** Checks that nothing is left. */
    public void finish() {
        if (position != end) {
            throw refuse((end - position) + " bytes behind its end");
        }
    }

    /** The fault that says what is wrong and where. */
    public CorruptFault refuse(String reason) {
        return new CorruptFault(place() + reason);
    }

    private String place() {
        return "not a " + form + " (at byte " + position + " of " + end + "): ";
    }

    private void need(int length) {
        if (length < 0 || length > end - position) {
            throw refuse("needs " + length + " more bytes, has " + (end - position));
        }
    }

    /** The fast path replaces malformed input silently; whatever may have been replaced is looked at again. */
    private void strictly(int length) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length));
        } catch (CharacterCodingException malformed) {
            throw new CorruptFault(place() + "malformed UTF-8", malformed);
        }
    }
}
