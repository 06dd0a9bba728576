package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SDKs put into the query of a presigned URL instead of into headers. */
final class S3PresignedTest extends S3FaceTest {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    private S3Client.Answer put(String parameters, String... headers) {
        return client.anonymous("PUT", client.presigned("PUT", bucket + "/k", parameters), CONTENT, headers);
    }

    @Test
    void headersInTheQuery_countAsHeaders() {
        S3Client.Answer put = put("X-Amz-Meta-Colour=blue%20%C3%A9&x-amz-acl=private&x-amz-storage-class=STANDARD");
        assertEquals(200, put.status(), put.text());
        byte[] colour = client.get(bucket + "/k").header("x-amz-meta-colour").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("blue \u00e9", new String(colour, StandardCharsets.UTF_8));
        S3Client.Answer copied = client.anonymous(
                "PUT",
                client.presigned("PUT", bucket + "/c", "x-amz-copy-source=" + name() + "%2Fk"),
                NOTHING,
                "Content-Length",
                "0");
        assertEquals(200, copied.status(), copied.text());
        assertEquals("content", client.get(bucket + "/c").text());
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl=public-read,AccessControlListNotSupported",
        "x-amz-storage-class=GLACIER,InvalidStorageClass",
        "x-amz-server-side-encryption=aws%3Akms,NotImplemented",
        "x-amz-tagging=a%3Db,NotImplemented",
        "x-amz-object-lock-mode=GOVERNANCE,InvalidRequest",
        "x-amz-meta-a=b%0D%0Ax-evil%3A1,InvalidArgument"
    })
    void headersInTheQuery_askingForWhatIsNotDone_areRefused(String parameter, String code) {
        assertEquals(code, put(parameter).code());
        assertEquals(404, client.get(bucket + "/k").status());
    }

    /** SDKs sign the checksum of an empty body into the URL of an upload whose body they do not know. */
    @Test
    void checksumInTheQuery_doesNotBindTheUpload_butOneInAHeaderDoes() {
        S3Client.Answer put = put("x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32");
        assertEquals(200, put.status(), put.text());
        S3Client.Answer get =
                client.anonymous("GET", client.presigned("GET", bucket + "/k", "x-amz-checksum-mode=ENABLED"), NOTHING);
        assertEquals("content", get.text());
        assertEquals(
                "BadDigest", put("", "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==").code());
    }

    @Test
    void headersInTheQuery_withoutTheirSignature_areRefused() {
        String signed = client.presigned("PUT", bucket + "/k");
        assertEquals(
                "SignatureDoesNotMatch",
                client.anonymous("PUT", signed + "&x-amz-meta-a=b", CONTENT).code());
        assertEquals(404, client.get(bucket + "/k").status());
        // A request that is signed in its header keeps its query as it is.
        assertEquals(200, client.put(bucket + "/k?x-amz-meta-a=b", "x").status());
        assertNotEquals("b", client.get(bucket + "/k").header("x-amz-meta-a"));
    }
}
