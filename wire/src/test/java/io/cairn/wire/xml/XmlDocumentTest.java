package io.cairn.wire.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.testkit.Property;
import io.cairn.wire.Percent;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ChecksumType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class XmlDocumentTest {
    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    private static final Instant TIME = Instant.parse("2009-10-12T17:50:30Z");
    private static final Owner OWNER = new Owner("id", "name");

    private static String text(XmlDocument document) {
        String xml = new String(document.toXml(), StandardCharsets.UTF_8);
        assertTrue(xml.startsWith(DECLARATION));
        return xml.substring(DECLARATION.length()).replace(NAMESPACE, "");
    }

    private static ListedObject object(String key) {
        return new ListedObject(key, TIME, "abc", 5, "STANDARD", Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static ListObjectsV2 listing(String key, boolean urlEncoded) {
        return new ListObjectsV2(
                "b",
                "p",
                Optional.of("/"),
                Optional.empty(),
                Optional.of("t"),
                Optional.empty(),
                1000,
                false,
                urlEncoded,
                List.of(object(key)),
                List.of("p/"));
    }

    @Test
    void listing_isWrittenElementByElement() {
        assertEquals(
                "<ListBucketResult><Name>b</Name><Prefix>p</Prefix><ContinuationToken>t</ContinuationToken>"
                        + "<KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter>"
                        + "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>"
                        + "<Contents><Key>test_file%283%29%20%2B/%01.png</Key>"
                        + "<LastModified>2009-10-12T17:50:30.000Z</LastModified><ETag>&quot;abc&quot;</ETag>"
                        + "<Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>"
                        + "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>",
                text(listing("test_file(3) +/\u0001.png", true)));
    }

    @Test
    void anyKeyThatXmlCanHold_writtenAndRead_isItself() {
        Property.holds(500, random -> {
            StringBuilder key = new StringBuilder("k");
            for (int i = random.nextInt(50); i > 0; i--) {
                int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x10FFFF);
                boolean holdable = c >= 0x20 && (c < 0xD800 || c >= 0xE000) && (c & 0xFFFE) != 0xFFFE;
                key.appendCodePoint(holdable || c == '\t' || c == '\n' || c == '\r' ? c : 'x');
            }
            XmlElement plain = XmlElement.parse(listing(key.toString(), false).toXml());
            assertEquals(
                    key.toString(),
                    plain.child("Contents")
                            .orElseThrow()
                            .child("Key")
                            .orElseThrow()
                            .text());
            XmlElement encoded = XmlElement.parse(listing(key.toString(), true).toXml());
            String encodedKey = encoded.child("Contents")
                    .orElseThrow()
                    .child("Key")
                    .orElseThrow()
                    .text();
            assertEquals(key.toString(), Percent.decodeQueryText(encodedKey));
        });
    }

    @Test
    void charactersThatXmlCannotHold_areWrittenAsReferences() {
        assertTrue(
                text(listing("a\u0001\u001f\ufffe\ud800b", false)).contains("<Key>a&#x1;&#x1f;&#xfffe;\ufffdb</Key>"));
    }

    @Test
    void error_hasItsElements() {
        S3Exception failure = new S3Exception(S3Error.INVALID_RANGE)
                .with("RangeRequested", "bytes=9-")
                .with("ActualObjectSize", 5);
        assertEquals(
                "<Error><Code>InvalidRange</Code><Message>The requested range is not satisfiable</Message>"
                        + "<RangeRequested>bytes=9-</RangeRequested><ActualObjectSize>5</ActualObjectSize>"
                        + "<BucketName>b</BucketName><Key>k&amp;</Key><Resource>/b/k&amp;</Resource>"
                        + "<RequestId>r</RequestId><HostId>h</HostId></Error>",
                text(new ErrorDocument(failure, Optional.of("b"), Optional.of("k&"), "/b/k&", "r", "h")));
    }

    @Test
    void locationAndVersioning_ofThePlainBucket_areEmpty() {
        assertEquals("<LocationConstraint></LocationConstraint>", text(new LocationConstraint("us-east-1")));
        assertEquals("<LocationConstraint>eu</LocationConstraint>", text(new LocationConstraint("eu")));
        assertEquals(
                "<VersioningConfiguration></VersioningConfiguration>",
                text(new VersioningConfiguration(Optional.empty())));
    }

    @Test
    void versions_andDeleteMarkers_keepTheirOrder() {
        ListVersions versions = new ListVersions(
                "b",
                "",
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1000,
                false,
                false,
                List.of(
                        new ListedVersion.DeleteMarker("k", "v2", true, TIME, OWNER),
                        new ListedVersion.Version("v1", false, object("k"))),
                List.of());
        String xml = text(versions);
        assertTrue(xml.contains("<DeleteMarker><Key>k</Key><VersionId>v2</VersionId><IsLatest>true</IsLatest>"), xml);
        assertTrue(xml.contains("</DeleteMarker><Version><Key>k</Key><VersionId>v1</VersionId>"), xml);
    }

    @Test
    void multipartResults_areWellFormedAndComplete() {
        ObjectChecksum checksum =
                new ObjectChecksum(ChecksumAlgorithm.CRC64NVME, "AAAAAAAAAAA=", Optional.of(ChecksumType.FULL_OBJECT));
        assertEquals(
                "<CompleteMultipartUploadResult><Location>http://h/b/k</Location><Bucket>b</Bucket><Key>k</Key>"
                        + "<ETag>&quot;e-2&quot;</ETag><ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>"
                        + "<ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>",
                text(new CompletedUpload("http://h/b/k", "b", "k", "e-2", Optional.of(checksum))));
        assertEquals(
                "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>"
                        + "</InitiateMultipartUploadResult>",
                text(new CreatedUpload("b", "k", "u")));
        assertEquals(
                "<CopyPartResult><LastModified>2009-10-12T17:50:30.000Z</LastModified><ETag>&quot;e&quot;</ETag>"
                        + "</CopyPartResult>",
                text(new CopyResult(CopyResult.Kind.PART, "e", TIME, Optional.empty())));
        ListParts parts = new ListParts(
                "b",
                "k",
                "u",
                OWNER,
                "STANDARD",
                0,
                1,
                1000,
                false,
                false,
                Optional.of(ChecksumAlgorithm.CRC64NVME),
                Optional.of(ChecksumType.FULL_OBJECT),
                List.of(new ListParts.Part(1, TIME, "e", 5, Optional.of(checksum))));
        assertEquals(
                "1",
                XmlElement.parse(parts.toXml())
                        .child("Part")
                        .orElseThrow()
                        .childText("PartNumber")
                        .orElseThrow());
        ListUploads uploads = new ListUploads(
                "b",
                "",
                "",
                "",
                Optional.of("k"),
                Optional.of("u"),
                Optional.empty(),
                1,
                true,
                false,
                List.of(new ListUploads.Upload("k", "u", OWNER, "STANDARD", TIME, Optional.empty(), Optional.empty())),
                List.of());
        assertEquals(
                "u",
                XmlElement.parse(uploads.toXml())
                        .childText("NextUploadIdMarker")
                        .orElseThrow());
    }

    @Test
    void otherResults_areWellFormed() {
        DeleteResult deleted = new DeleteResult(
                List.of(new DeleteResult.Deleted("k", Optional.empty(), true, Optional.of("v"))),
                List.of(new DeleteResult.Failed("l", Optional.empty(), "AccessDenied", "Access Denied")));
        assertEquals(
                "<DeleteResult><Deleted><Key>k</Key><DeleteMarker>true</DeleteMarker>"
                        + "<DeleteMarkerVersionId>v</DeleteMarkerVersionId></Deleted><Error><Key>l</Key>"
                        + "<Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>",
                text(deleted));
        ListBuckets buckets = new ListBuckets(
                OWNER,
                List.of(new ListBuckets.Bucket("b", TIME, Optional.empty())),
                Optional.empty(),
                Optional.empty());
        assertEquals(
                "<ListAllMyBucketsResult><Owner><ID>id</ID><DisplayName>name</DisplayName></Owner><Buckets><Bucket>"
                        + "<Name>b</Name><CreationDate>2009-10-12T17:50:30.000Z</CreationDate></Bucket></Buckets>"
                        + "</ListAllMyBucketsResult>",
                text(buckets));
        ObjectAttributes attributes = new ObjectAttributes(
                Optional.of("e"),
                Optional.empty(),
                Optional.of(new ObjectAttributes.Parts(1, 0, 1, 1000, false, List.of())),
                Optional.empty(),
                Optional.of(5L));
        assertEquals(
                "<GetObjectAttributesResponse><ETag>e</ETag><ObjectParts><PartsCount>1</PartsCount>"
                        + "<PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>1</NextPartNumberMarker>"
                        + "<MaxParts>1000</MaxParts><IsTruncated>false</IsTruncated></ObjectParts>"
                        + "<ObjectSize>5</ObjectSize></GetObjectAttributesResponse>",
                text(attributes));
        assertEquals(
                "<PostResponse><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>&quot;e&quot;</ETag>"
                        + "</PostResponse>",
                text(new PostResponse("l", "b", "k", "e")));
        assertTrue(text(new ListObjects(
                        "b", "", "m", Optional.of("n"), Optional.empty(), 1, true, false, List.of(), List.of()))
                .contains("<Marker>m</Marker><NextMarker>n</NextMarker>"));
    }
}
