package io.cairn.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CodecTest {

    /** A codec under test: a form's name, random values of it, and the way there and back. */
    record Codec<T>(
            String name, Function<RandomNouns, T> values, Function<T, byte[]> encode, Function<byte[], T> decode) {
        byte[] random(RandomNouns nouns) {
            return encode.apply(values.apply(nouns));
        }

        void checkRoundTrip(RandomNouns nouns) {
            T value = values.apply(nouns);
            byte[] bytes = encode.apply(value);
            assertEquals(value, decode.apply(bytes));
            assertArrayEquals(bytes, encode.apply(decode.apply(bytes)));
        }

        void checkRefusesOrReads(byte[] bytes) {
            try {
                encode.apply(decode.apply(bytes));
            } catch (CorruptFault refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Codec<?>> codecs() {
        return Stream.of(
                new Codec<>("command", RandomNouns::command, CommandCodec::encode, CommandCodec::decode),
                new Codec<>("outcome", RandomNouns::outcome, OutcomeCodec::encode, OutcomeCodec::decode),
                new Codec<>("label", RandomNouns::label, LabelCodec::encode, LabelCodec::decode),
                new Codec<>("upload", RandomNouns::upload, RowCodec::encodeUpload, RowCodec::decodeUpload),
                new Codec<>("part", RandomNouns::part, RowCodec::encodePart, RowCodec::decodePart),
                new Codec<>("bucket", RandomNouns::bucketRow, RowCodec::encodeBucket, RowCodec::decodeBucket),
                new Codec<>("user", RandomNouns::user, RowCodec::encodeUser, RowCodec::decodeUser),
                new Codec<>("placement", RandomNouns::placement, RowCodec::encodePlacement, RowCodec::decodePlacement),
                new Codec<>("blob", RandomNouns::blob, RowCodec::encodeBlob, RowCodec::decodeBlob),
                new Codec<>("object", n -> n.indexed(n.part().number() % 17), CodecTest::withKey, CodecTest::object));
    }

    private static byte[] withKey(ObjectRow row) {
        byte[] key = row.key().utf8();
        return new Encoder().bytes(key).raw(RowCodec.encodeObject(row)).toBytes();
    }

    private static ObjectRow object(byte[] bytes) {
        Decoder in = new Decoder("key", bytes);
        String key = in.text();
        byte[] row = in.raw(in.remaining());
        try {
            return RowCodec.decodeObject(new ObjectKey(key), row, (_, _) -> new byte[0]);
        } catch (IllegalArgumentException emptied) {
            throw new CorruptFault("key", emptied);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void decode_ofWhatWasEncoded_isTheSameValue(Codec<?> codec) {
        Property.holds(500, random -> codec.checkRoundTrip(new RandomNouns(random)));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void decode_ofEveryPrefix_isRefused(Codec<?> codec) {
        Property.holds(30, random -> {
            byte[] bytes = codec.random(new RandomNouns(random));
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThrows(CorruptFault.class, () -> codec.decode().apply(cut), "cut to " + length);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void decode_withAByteBehindTheEnd_isRefused(Codec<?> codec) {
        Property.holds(30, random -> {
            byte[] bytes = codec.random(new RandomNouns(random));
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThrows(CorruptFault.class, () -> codec.decode().apply(longer));
        });
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void decode_ofDamagedBytes_isRefusedOrReadsAValue(Codec<?> codec) {
        Property.holds(2_000, random -> codec.checkRefusesOrReads(damaged(codec, random)));
    }

    private static byte[] damaged(Codec<?> codec, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = codec.random(new RandomNouns(random));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void decode_ofAHugeCount_isRefusedWithoutAllocating() {
        byte[] bytes =
                new Encoder().octet(1).octet(10).number(Integer.MAX_VALUE).toBytes();
        assertThrows(CorruptFault.class, () -> CommandCodec.decode(bytes));
    }

    @Test
    void decode_ofAnUnknownVersion_namesBoth() {
        CorruptFault fault = assertThrows(CorruptFault.class, () -> CommandCodec.decode(new byte[] {9, 2}));
        assertTrue(fault.getMessage().contains("version 9, this program knows 1"), fault.getMessage());
    }

    @Test
    void number_longerThanNeeded_isRefused() {
        assertThrows(CorruptFault.class, () -> new Decoder("number", new byte[] {(byte) 0x80, 0}).number());
        assertEquals(-1, new Decoder("number", new Encoder().number(-1).toBytes()).number());
    }

    @Test
    void text_ofMalformedUtf8_isRefused_butTheReplacementCharacterItselfIsNot() {
        byte[] malformed = new Encoder().bytes(new byte[] {(byte) 0xff}).toBytes();
        assertThrows(CorruptFault.class, () -> new Decoder("text", malformed).text());
        assertEquals("\ufffd", new Decoder("text", new Encoder().text("\ufffd").toBytes()).text());
    }

    @Test
    void objectRow_withManyParts_keepsThemInManifests() {
        Property.holds(20, random -> {
            ObjectRow row = new RandomNouns(random).indexed(random.nextInt(17, 1_000));
            List<byte[]> manifests = RowCodec.encodeManifests(row);
            assertEquals((row.parts().size() + 255) / 256, manifests.size());
            assertEquals(
                    row,
                    RowCodec.decodeObject(row.key(), RowCodec.encodeObject(row), (_, number) -> manifests.get(number)));
        });
    }

    @Test
    void entry_ofARow_isWhatTheRowSays() {
        Property.holds(200, random -> {
            ObjectRow row = new RandomNouns(random).object(3);
            ListPage.Entry entry = RowCodec.decodeEntry("key", RowCodec.encodeObject(row));
            String checksum = row.checksum()
                    .map(sum -> sum.algorithm() + " " + sum.kind())
                    .orElse("");
            assertEquals(new ListPage.Entry("key", row.size(), row.etag(), row.modified(), checksum), entry);
        });
    }

    @Test
    void label_ofTenThousandParts_fitsARecord() {
        ObjectRow row = new RandomNouns(new SplittableRandom(1)).object(PartRow.NUMBER_MAX);
        byte[] label = LabelCodec.encode(new ShardLabel.Sealed(new BucketName("bucket"), 1, row.modified(), row));
        assertTrue(label.length <= ShardWrite.LABEL_BYTES_MAX, label.length + " bytes");
    }
}
