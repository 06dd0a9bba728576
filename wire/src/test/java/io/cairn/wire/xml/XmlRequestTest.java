package io.cairn.wire.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.testkit.Property;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class XmlRequestTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static S3Error errorOf(String document) {
        return assertThrows(S3Exception.class, () -> DeleteRequest.parse(utf8(document)), document)
                .error();
    }

    @Test
    void delete_withEverythingInIt_isRead() {
        DeleteRequest request = DeleteRequest.parse(utf8("""
                <?xml version="1.0" encoding="UTF-8"?>
                <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                  <!-- two --><Quiet>true</Quiet>
                  <Object><Key> a &amp; &#x20; b </Key><VersionId>null</VersionId><ETag>"abc"</ETag>
                    <LastModifiedTime>Tue, 03 Jun 2008 07:08:09 GMT</LastModifiedTime><Size>7</Size></Object>
                  <Object><Key><![CDATA[x<y>]]>é</Key></Object>
                </Delete>"""));
        assertTrue(request.quiet());
        assertEquals(
                List.of(
                        new DeleteRequest.Entry(
                                " a &   b ",
                                Optional.of("null"),
                                Optional.of("abc"),
                                Optional.of(Instant.parse("2008-06-03T07:08:09Z")),
                                Optional.of(7L)),
                        new DeleteRequest.Entry(
                                "x<y>é", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())),
                request.entries());
    }

    @Test
    void delete_withTooManyOrNoKeys_isMalformed() {
        String object = "<Object><Key>k</Key></Object>";
        assertEquals(
                1000,
                DeleteRequest.parse(utf8("<Delete>" + object.repeat(1000) + "</Delete>"))
                        .entries()
                        .size());
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Delete>" + object.repeat(1001) + "</Delete>"));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Delete/>"));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Delete><Object><Key></Key></Object></Delete>"));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Other>" + object + "</Other>"));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Delete>" + object));
        assertEquals(S3Error.MALFORMED_XML, errorOf(""));
        assertEquals(S3Error.MALFORMED_XML, errorOf("hello"));
    }

    @Test
    void documentTypesEntitiesAndDepth_areRefused() {
        assertEquals(
                S3Error.MALFORMED_XML,
                errorOf("<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
                        + "<Delete><Object><Key>&e;</Key></Object></Delete>"));
        assertEquals(
                S3Error.MALFORMED_XML,
                errorOf("<!DOCTYPE d [<!ENTITY a \"xx\"><!ENTITY b \"&a;&a;\">]>"
                        + "<Delete><Object><Key>&b;</Key></Object></Delete>"));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Delete><Object><Key>&e;</Key></Object></Delete>"));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<a>".repeat(100_000)));
        assertEquals(S3Error.MALFORMED_XML, errorOf("<Delete>" + "<a/>".repeat(200_000) + "</Delete>"));
    }

    private static String part(Object number) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>\"e" + number + "\"</ETag></Part>";
    }

    private static CompleteRequest complete(String parts) {
        return CompleteRequest.parse(utf8("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>"));
    }

    @Test
    void completion_withPartsAndChecksums_isRead() {
        String checksum =
                "<Part><ChecksumCRC32C>AAAAAA==</ChecksumCRC32C><ETag>x</ETag><PartNumber>9</PartNumber></Part>";
        assertEquals(
                List.of(
                        new CompleteRequest.Part(1, "e1", Map.of()),
                        new CompleteRequest.Part(9, "x", Map.of(ChecksumAlgorithm.CRC32C, "AAAAAA=="))),
                complete(part(1) + checksum).parts());
    }

    @Test
    void completion_outOfOrderOrOutOfRange_isRefused() {
        assertEquals(
                S3Error.INVALID_PART_ORDER,
                assertThrows(S3Exception.class, () -> complete(part(2) + part(1)))
                        .error());
        assertEquals(
                S3Error.INVALID_PART_ORDER,
                assertThrows(S3Exception.class, () -> complete(part(2) + part(2)))
                        .error());
        assertEquals(
                S3Error.INVALID_ARGUMENT,
                assertThrows(S3Exception.class, () -> complete(part(10_001))).error());
        assertEquals(
                S3Error.MALFORMED_XML,
                assertThrows(S3Exception.class, () -> complete(part("x"))).error());
        assertEquals(
                S3Error.MALFORMED_XML,
                assertThrows(S3Exception.class, () -> complete("")).error());
    }

    @Test
    void completion_ofTenThousandParts_fits() {
        StringBuilder parts = new StringBuilder();
        for (int i = 1; i <= 10_000; i++) {
            parts.append("<Part><ChecksumSHA256>")
                    .append("A".repeat(44))
                    .append("</ChecksumSHA256><ETag>\"")
                    .append("0".repeat(32))
                    .append("\"</ETag><PartNumber>")
                    .append(i)
                    .append("</PartNumber></Part>\n");
        }
        assertTrue(parts.length() < CompleteRequest.BYTES_MAX);
        assertEquals(10_000, complete(parts.toString()).parts().size());
    }

    @Test
    void bucketConfiguration_withAndWithoutRegion_isRead() {
        assertEquals(
                Optional.empty(), CreateBucketConfiguration.parse(new byte[0]).locationConstraint());
        assertEquals(
                Optional.of("eu-west-1"),
                CreateBucketConfiguration.parse(utf8("<CreateBucketConfiguration><LocationConstraint>eu-west-1"
                                + "</LocationConstraint></CreateBucketConfiguration>"))
                        .locationConstraint());
    }

    @Test
    void damagedDocuments_failWithS3ErrorsAlone() {
        String sound = "<?xml version=\"1.0\"?><Delete xmlns=\"urn:x\"><Object><Key>a&amp;b</Key></Object></Delete>";
        List<String> pieces = List.of(
                "<",
                ">",
                "</",
                "&",
                ";",
                "&#x0;",
                "&#xD800;",
                "&lt;",
                "<!DOCTYPE a>",
                "<![CDATA[",
                "]]>",
                "<!--",
                "-->",
                "<?",
                "?>",
                "\"",
                "'",
                "=",
                " xmlns:p=\"u\"",
                "p:",
                "\u0000",
                "\ud800",
                "\uffff",
                "é",
                "<Key>",
                "encoding=\"UTF-7\"",
                "version=\"9\"",
                "<a b='1' b='2'>");
        Property.holds(3000, random -> {
            StringBuilder document = new StringBuilder(sound);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                int at = random.nextInt(document.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> document.insert(at, pieces.get(random.nextInt(pieces.size())));
                    case 1 -> document.delete(at, Math.min(document.length(), at + random.nextInt(6)));
                    default -> document.setLength(Math.max(at, 1));
                }
            }
            byte[] bytes = utf8(document.toString());
            if (bytes.length > 0 && random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertTrue(!DeleteRequest.parse(bytes).entries().isEmpty());
            } catch (S3Exception refused) {
                assertEquals(S3Error.MALFORMED_XML, refused.error());
            }
        });
    }
}
