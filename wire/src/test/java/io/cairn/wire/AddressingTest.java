package io.cairn.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressingTest {
    private final Addressing addressing = new Addressing(List.of("s3.example.com", "localhost"));

    @Test
    void pathStyle_takesKeysLiterally() {
        assertEquals(Address.service(), addressing.locate("localhost:9000", "/"));
        assertEquals(Address.of("b", ""), addressing.locate("localhost:9000", "/b"));
        assertEquals(Address.of("b", ""), addressing.locate("localhost:9000", "/b/"));
        assertEquals(Address.of("b", "/"), addressing.locate("localhost:9000", "/b//"));
        assertEquals(Address.of("b", "../x//y/"), addressing.locate("other", "/b/../x//y/"));
        assertEquals(Address.of("b", "a+b c%/é"), addressing.locate("", "/b/a+b%20c%25%2F%C3%A9"));
    }

    @Test
    void virtualHost_namesTheBucket() {
        assertEquals(Address.of("my.b", "k/x"), addressing.locate("My.B.s3.Example.com:9000", "/k/x"));
        assertEquals(Address.of("b", ""), addressing.locate("b.localhost", "/"));
        assertEquals(Address.of("k", "x"), addressing.locate("s3.example.com", "/k/x"));
        assertEquals(Address.of("k", "x"), addressing.locate("[::1]:9000", "/k/x"));
    }

    @Test
    void longKeys_areMeasuredInBytes() {
        assertEquals(Address.of("b", "é".repeat(512)), addressing.locate("", "/b/" + "%C3%A9".repeat(512)));
        S3Exception tooLong =
                assertThrows(S3Exception.class, () -> addressing.locate("", "/b/a" + "%C3%A9".repeat(512)));
        assertEquals(S3Error.KEY_TOO_LONG, tooLong.error());
    }

    @Test
    void brokenEncodings_areInvalidUris() {
        for (String path : new String[] {"", "b/k", "/b/%", "/b/%4", "/b/%zz", "/b/%ff%fe", "/%", "/b/\u0100"}) {
            S3Exception invalid = assertThrows(S3Exception.class, () -> addressing.locate("h", path), path);
            assertEquals(S3Error.INVALID_URI, invalid.error());
        }
    }

    @Test
    void anyKey_encodedAndDecoded_isItself() {
        Property.holds(500, random -> {
            StringBuilder key = new StringBuilder("k");
            for (int i = random.nextInt(60); i > 0; i--) {
                int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x10FFFF);
                key.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 'x' : c);
            }
            assertEquals(key.toString(), Percent.decodePathText(Percent.encodeKey(key.toString())));
            assertEquals(key.toString(), Percent.decodeQueryText(Percent.encode(key.toString())));
        });
    }

    @Test
    void randomPathsAndQueries_failWithS3ErrorsAlone() {
        Property.holds(2000, random -> {
            StringBuilder raw = new StringBuilder("/");
            for (int i = random.nextInt(40); i > 0; i--) {
                raw.append("%%2Ff/?&=+a\u00ff".charAt(random.nextInt(12)));
            }
            try {
                Address address = addressing.locate("b.localhost", raw.toString());
                assertEquals("b", address.bucket().orElseThrow());
                assertTrue(Query.parse(raw.toString()).parameters().size() <= raw.length());
            } catch (S3Exception invalid) {
                assertEquals(S3Error.INVALID_URI, invalid.error());
            }
        });
    }

    @Test
    void query_keepsOrderRepeatsAndEmptyValues() {
        Query query = Query.parse("acl&a=1&&a=2=3&b+c=%26&d=");
        assertEquals(
                List.of(
                        new Query.Parameter("acl", ""),
                        new Query.Parameter("a", "1"),
                        new Query.Parameter("a", "2=3"),
                        new Query.Parameter("b c", "&"),
                        new Query.Parameter("d", "")),
                query.parameters());
        assertEquals("1", query.value("a").orElseThrow());
        assertTrue(query.has("acl"));
        assertFalse(query.has("ACL"));
    }

    @Test
    void bucketNames_followTheRules() {
        for (String name : List.of("abc", "a.b", "0-9", "amzn-s3-demo-bucket", "1.2.3", "a".repeat(63))) {
            assertTrue(BucketName.isValid(name), name);
        }
        for (String name : List.of(
                "",
                "ab",
                "a".repeat(64),
                "Abc",
                "a_b",
                "-ab",
                "ab-",
                ".ab",
                "ab.",
                "a..b",
                "a.-b",
                "a-.b",
                "1.2.3.4",
                "xn--abc",
                "abc-s3alias",
                "bücher",
                "a b",
                "abc--x-s3")) {
            assertFalse(BucketName.isValid(name), name);
        }
    }
}
