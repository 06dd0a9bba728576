package io.cairn.backup.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** An RDB written by hand: two databases, plain strings, one expiry, a packed one, a stream of the first kind. */
final class SampleRdb {
    static final String REPLID = "0123456789012345678901234567890123456789";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private SampleRdb() {}

    static byte[] of(int strings) {
        SampleRdb rdb = new SampleRdb();
        rdb.ascii("REDIS0010");
        rdb.fact("redis-ver", "7.0.15");
        rdb.fact("repl-id", REPLID);
        rdb.out.write(0xfa);
        rdb.string("ctime");
        rdb.octets(0xc2, 0x40, 0x42, 0x0f, 0x00);
        rdb.octets(0xfe, 0, 0xfb, 10, 1);
        for (int i = 0; i < strings; i++) {
            rdb.out.write(0);
            rdb.string("key " + i);
            rdb.string("value ".repeat(i % 40));
        }
        rdb.octets(0xfc, 1, 2, 3, 4, 5, 6, 7, 8, 0);
        rdb.string("expires");
        rdb.octets(0xc1, 0x10, 0x27);
        rdb.octets(0xfe, 3, 0);
        rdb.string("packed");
        rdb.octets(0xc3, 4, 20, 1, 2, 3, 4);
        rdb.stream();
        rdb.out.write(0xff);
        return rdb.closed();
    }

    private void stream() {
        out.write(15);
        string("stream");
        octets(1);
        string("sixteen bytes id");
        string("a list pack");
        octets(2, 7, 1, 1);
        string("group");
        octets(7, 0, 1);
        octets(new int[24]);
        octets(1, 1);
        string("consumer");
        octets(new int[8]);
        octets(1);
        octets(new int[16]);
    }

    private byte[] closed() {
        Crc64 crc = new Crc64();
        crc.update(out.toByteArray(), 0, out.size());
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(crc.value())
                .array());
        return out.toByteArray();
    }

    private void fact(String name, String value) {
        out.write(0xfa);
        string(name);
        string(value);
    }

    private void string(String text) {
        if (text.length() < 64) {
            out.write(text.length());
        } else {
            octets(0x40 | text.length() >> 8, text.length());
        }
        ascii(text);
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void octets(int... values) {
        for (int value : values) {
            out.write(value);
        }
    }
}
