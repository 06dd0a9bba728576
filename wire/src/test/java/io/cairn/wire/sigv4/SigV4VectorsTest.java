package io.cairn.wire.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.cairn.base.Hashes;
import io.cairn.wire.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The worked examples of the Amazon S3 API Reference, "Authenticating Requests". */
class SigV4VectorsTest {
    static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
    private static final String NOTHING = Sha256.OF_NOTHING;

    private final SigV4Verifier verifier =
            new SigV4Verifier(key -> key.equals(ACCESS_KEY) ? Optional.of(SECRET) : Optional.empty());

    private static Header authorization(String signedHeaders, String signature) {
        return new Header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY + "/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                        + signedHeaders + ",Signature=" + signature);
    }

    private void accepts(String method, String path, String query, Header... headers) {
        Authentication who = verifier.authenticate(new SignedRequest(method, path, query, List.of(headers), NOW));
        assertEquals(
                ACCESS_KEY, assertInstanceOf(Authentication.Signed.class, who).accessKey());
    }

    @Test
    void getObject_fromTheReference_isAccepted() {
        accepts(
                "GET",
                "/test.txt",
                "",
                new Header("Host", "examplebucket.s3.amazonaws.com"),
                new Header("Range", "bytes=0-9"),
                new Header("x-amz-content-sha256", NOTHING),
                new Header("x-amz-date", "20130524T000000Z"),
                authorization(
                        "host;range;x-amz-content-sha256;x-amz-date",
                        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
    }

    @Test
    void putObject_fromTheReference_isAccepted() {
        accepts(
                "PUT",
                "/test$file.text",
                "",
                new Header("Host", "examplebucket.s3.amazonaws.com"),
                new Header("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                new Header("x-amz-date", "20130524T000000Z"),
                new Header("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                new Header("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
                authorization(
                        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
    }

    @Test
    void getBucketLifecycle_fromTheReference_isAccepted() {
        accepts(
                "GET",
                "/",
                "lifecycle",
                new Header("Host", "examplebucket.s3.amazonaws.com"),
                new Header("x-amz-date", "20130524T000000Z"),
                new Header("x-amz-content-sha256", NOTHING),
                authorization(
                        "host;x-amz-content-sha256;x-amz-date",
                        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
    }

    @Test
    void listObjects_fromTheReference_isAccepted() {
        accepts(
                "GET",
                "/",
                "max-keys=2&prefix=J",
                new Header("Host", "examplebucket.s3.amazonaws.com"),
                new Header("x-amz-date", "20130524T000000Z"),
                new Header("x-amz-content-sha256", NOTHING),
                authorization(
                        "host;x-amz-content-sha256;x-amz-date",
                        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
    }

    @Test
    void presignedGet_fromTheReference_isAcceptedAndProduced() {
        List<Header> headers = List.of(new Header("Host", "examplebucket.s3.amazonaws.com"));
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        accepts("GET", "/test.txt", query, headers.getFirst());
        SigV4Signer signer = new SigV4Signer(ACCESS_KEY, SECRET, "us-east-1");
        assertEquals(query, signer.presign("GET", "/test.txt", "", headers, Duration.ofDays(1), NOW));
    }

    private ChunkSignatures chunks(String signedHeaders, String seed, Header... more) {
        Header[] headers = Arrays.copyOf(more, more.length + 6);
        headers[more.length] = new Header("Host", "s3.amazonaws.com");
        headers[more.length + 1] = new Header("x-amz-date", "20130524T000000Z");
        headers[more.length + 2] = new Header("x-amz-storage-class", "REDUCED_REDUNDANCY");
        headers[more.length + 3] = new Header("Content-Encoding", "aws-chunked");
        headers[more.length + 4] = new Header("x-amz-decoded-content-length", "66560");
        headers[more.length + 5] = authorization(signedHeaders, seed);
        SignedRequest request = new SignedRequest("PUT", "/examplebucket/chunkObject.txt", "", List.of(headers), NOW);
        return assertInstanceOf(Authentication.Signed.class, verifier.authenticate(request))
                .context()
                .chunks();
    }

    private static byte[] sha256OfLetters(int count) {
        byte[] letters = new byte[count];
        Arrays.fill(letters, (byte) 'a');
        return Hashes.sha256().digest(letters);
    }

    @Test
    void chunkSignatures_fromTheReference_areProduced() {
        ChunkSignatures chunks = chunks(
                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                        + "x-amz-storage-class",
                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
                new Header("Content-Length", "66824"),
                new Header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"));
        assertEquals(
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                chunks.next(sha256OfLetters(65536)));
        assertEquals(
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497", chunks.next(sha256OfLetters(1024)));
        assertEquals(
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9", chunks.next(sha256OfLetters(0)));
    }

    @Test
    void trailerSignature_fromTheReference_isProduced() {
        ChunkSignatures chunks = chunks(
                "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
                        + "x-amz-storage-class;x-amz-trailer",
                "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
                new Header("x-amz-trailer", "x-amz-checksum-crc32c"),
                new Header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"));
        assertEquals(
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                chunks.next(sha256OfLetters(65536)));
        assertEquals(
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7", chunks.next(sha256OfLetters(1024)));
        assertEquals(
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992", chunks.next(sha256OfLetters(0)));
        byte[] trailer = Hashes.sha256()
                .digest("x-amz-checksum-crc32c:sOO8/Q==\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertEquals("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435", chunks.trailer(trailer));
    }

    @Test
    void policy_fromTheReference_isAcceptedAndSigned() {
        String policy = String.join(
                "\r\n",
                "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",",
                "  \"conditions\": [",
                "    {\"bucket\": \"sigv4examplebucket\"},",
                "    [\"starts-with\", \"$key\", \"user/user1/\"],",
                "    {\"acl\": \"public-read\"},",
                "    {\"success_action_redirect\":"
                        + " \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},",
                "    [\"starts-with\", \"$Content-Type\", \"image/\"],",
                "    {\"x-amz-meta-uuid\": \"14365123651274\"},",
                "    {\"x-amz-server-side-encryption\": \"AES256\"},",
                "    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],",
                "",
                "    {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},",
                "    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},",
                "    {\"x-amz-date\": \"20151229T000000Z\" }",
                "  ]",
                "}");
        String base64 =
                java.util.Base64.getEncoder().encodeToString(policy.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String signature = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";
        Instant then = Instant.parse("2015-12-29T00:00:00Z");
        SigV4Signer signer = new SigV4Signer(ACCESS_KEY, SECRET, "us-east-1");
        assertEquals(signature, signer.signPolicy(base64, then));
        assertEquals(
                ACCESS_KEY,
                verifier.authenticatePolicy(base64, signer.credential(then), "20151229T000000Z", signature));
    }
}
