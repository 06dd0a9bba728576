package io.cairn.s3.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.ETag;
import io.cairn.model.ObjectKey;
import io.cairn.model.Precondition;
import io.cairn.testkit.Property;
import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3RequestDecoderTest {
    private final S3RequestDecoder decoder = new S3RequestDecoder(List.of("s3.test"));

    private S3Request decode(String method, String target, String... headers) {
        List<Header> list = new ArrayList<>();
        list.add(new Header("Host", "s3.test"));
        for (int i = 0; i < headers.length; i += 2) {
            list.add(new Header(headers[i], headers[i + 1]));
        }
        return decoder.decode(RequestHead.of(method, target, list));
    }

    private S3Error refusal(String method, String target, String... headers) {
        return assertThrows(S3Exception.class, () -> decode(method, target, headers))
                .error();
    }

    /** A subresource that its method does not know never falls back to the object or the bucket itself. */
    @ParameterizedTest
    @CsvSource({
        "DELETE,/bucket/k?acl",
        "DELETE,/bucket/k?attributes",
        "DELETE,/bucket/k?legal-hold",
        "DELETE,/bucket/k?retention",
        "DELETE,/bucket/k?restore",
        "DELETE,/bucket/k?torrent",
        "DELETE,/bucket/k?uploads",
        "PUT,/bucket/k?attributes",
        "PUT,/bucket/k?restore",
        "PUT,/bucket/k?select",
        "PUT,/bucket/k?torrent",
        "PUT,/bucket/k?uploads",
        "DELETE,/bucket?delete",
        "DELETE,/bucket?list-type=2",
        "DELETE,/bucket?uploads",
        "DELETE,/bucket?versions",
        "PUT,/bucket?uploads",
        "PUT,/bucket?versions",
        "PUT,/bucket?delete"
    })
    void subresource_ofAnotherMethod_isRefused(String method, String target) {
        assertEquals(S3Error.METHOD_NOT_ALLOWED, refusal(method, target));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,ListBuckets",
        "PUT,/bucket,CreateBucket",
        "HEAD,/bucket,HeadBucket",
        "DELETE,/bucket/,DeleteBucket",
        "GET,/bucket?location,GetBucketLocation",
        "GET,/bucket?acl,GetBucketAcl",
        "PUT,/bucket?policy,PutBucketPolicy",
        "DELETE,/bucket?lifecycle,DeleteBucketLifecycleConfiguration",
        "GET,/bucket,ListObjects",
        "GET,/bucket?list-type=2,ListObjectsV2",
        "GET,/bucket?versions,ListObjectVersions",
        "GET,/bucket?uploads,ListMultipartUploads",
        "POST,/bucket?delete,DeleteObjects",
        "PUT,/bucket/k,PutObject",
        "GET,/bucket/k,GetObject",
        "HEAD,/bucket/k,HeadObject",
        "DELETE,/bucket/k,DeleteObject",
        "GET,/bucket/k?attributes,GetObjectAttributes",
        "GET,/bucket/k?acl,GetObjectAcl",
        "GET,/bucket/k?tagging,GetObjectTagging",
        "GET,/bucket/k?legal-hold,GetObjectLegalHold",
        "GET,/bucket/k?retention,GetObjectRetention",
        "GET,/bucket/k?torrent,GetObjectTorrent",
        "PUT,/bucket/k?tagging,PutObjectTagging",
        "PUT,/bucket/k?acl,PutObjectAcl",
        "POST,/bucket/k?restore,RestoreObject",
        "POST,/bucket/k?select,SelectObjectContent",
        "POST,/bucket/k?uploads,CreateMultipartUpload",
        "PUT,/bucket/k?uploadId=u&partNumber=1,UploadPart",
        "GET,/bucket/k?uploadId=u,ListParts",
        "POST,/bucket/k?uploadId=u,CompleteMultipartUpload",
        "DELETE,/bucket/k?uploadId=u,AbortMultipartUpload",
        "OPTIONS,/bucket/k,Preflight"
    })
    void request_byMethodAndTarget_isThatOperation(String method, String target, String operation) {
        S3Request request = decode(method, target, "x-amz-object-attributes", "ETag");
        assertEquals(operation, request.operation());
    }

    @Test
    void request_withCopySource_copies() {
        S3Request copy = decode("PUT", "/bucket/k", "x-amz-copy-source", "/other/a%20b?versionId=null");
        S3Request.CopyObject object = assertInstanceOf(S3Request.CopyObject.class, copy);
        assertEquals(new ObjectKey("a b"), object.source().key());
        S3Request part = decode(
                "PUT",
                "/bucket/k?uploadId=u&partNumber=2",
                "x-amz-copy-source",
                "other/a",
                "x-amz-copy-source-range",
                "bytes=1-2");
        assertEquals(
                Optional.of(new ByteRange.Bounded("bytes=1-2", 1, 2)),
                assertInstanceOf(S3Request.UploadPartCopy.class, part).range());
    }

    @Test
    void preconditions_ofWrites_areRead() {
        S3Request.PutObject put = (S3Request.PutObject) decode("PUT", "/bucket/k", "If-Match", "\"abc\"");
        assertEquals(new Precondition.Matches(new ETag("abc")), put.precondition());
        put = (S3Request.PutObject) decode("PUT", "/bucket/k", "If-None-Match", "*");
        assertEquals(new Precondition.Absent(), put.precondition());
        put = (S3Request.PutObject) decode("PUT", "/bucket/k", "If-Match", "*");
        assertEquals(new Precondition.Exists(), put.precondition());
        assertEquals(S3Error.NOT_IMPLEMENTED, refusal("PUT", "/bucket/k", "If-None-Match", "\"abc\""));
        assertEquals(S3Error.INVALID_ARGUMENT, refusal("PUT", "/bucket/k", "If-Match", "\"a\", \"b\""));
    }

    @Test
    void headers_toBeStored_arePicked() {
        S3Request.PutObject put = (S3Request.PutObject) decode(
                "PUT",
                "/bucket/k",
                "Content-Type",
                "a/b",
                "X-Amz-Meta-Name",
                "v",
                "X-Amz-Meta-Name",
                "w",
                "Content-Encoding",
                "aws-chunked",
                "Authorization",
                "secret");
        assertEquals(Map.of("content-type", "a/b", "x-amz-meta-name", "v,w"), put.headers());
    }

    @Test
    void target_absolute_isReadLikeItsPath() {
        assertEquals(
                "GetObject",
                decode("GET", "http://s3.test/bucket/k?versionId=null").operation());
        assertEquals(S3Error.INVALID_URI, refusal("GET", "*"));
    }

    @Test
    void range_ofObject_selectsItsBytes() {
        assertEquals(Optional.of(new ByteRange.Slice(2, 3)), slice("bytes=2-4", 10));
        assertEquals(Optional.of(new ByteRange.Slice(8, 2)), slice("bytes=8-", 10));
        assertEquals(Optional.of(new ByteRange.Slice(0, 10)), slice("bytes=-99", 10));
        assertEquals(Optional.empty(), slice("bytes=-0", 10));
        assertEquals(Optional.empty(), slice("bytes=0-", 0));
        assertTrue(ByteRange.parse("bytes=5-4").isEmpty());
        assertTrue(ByteRange.parse("bytes=1-2,4-5").isEmpty());
    }

    private static Optional<ByteRange.Slice> slice(String range, long size) {
        return ByteRange.parse(range).orElseThrow().of(size);
    }

    @Test
    void decoding_ofAnything_givesARequestOrAnError() {
        String alphabet = "/?&=%~ab01-._\u00e9\u0000 \"*,:";
        int[] understood = new int[1];
        Property.holds(20_000, random -> {
            StringBuilder target = new StringBuilder(random.nextBoolean() ? "/bucket/" : "/");
            for (int i = random.nextInt(24); i > 0; i--) {
                target.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String[] methods = {"GET", "HEAD", "PUT", "POST", "DELETE", "X"};
            String[] parameters = {"", "?uploads", "?partNumber=1&uploadId=a", "?max-keys=1", "?attributes", "?delete"};
            try {
                decode(
                        methods[random.nextInt(methods.length)],
                        target + parameters[random.nextInt(parameters.length)],
                        "x-amz-copy-source",
                        target.toString());
                understood[0]++;
            } catch (S3Exception refused) {
                assertTrue(refused.error().status() >= 400);
            }
        });
        assertTrue(understood[0] > 100, "some requests must be understood, or the test shows nothing");
    }
}
