package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.UserRow;
import io.cairn.s3.RequestObserver;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class S3BucketTest extends S3FaceTest {
    @Test
    void bucket_madeTwice_isOwnedAlready() {
        S3Client.Answer again = client.put(bucket, "");
        assertEquals(409, again.status());
        assertEquals("BucketAlreadyOwnedByYou", again.code());
    }

    @Test
    void buckets_listed_showPagesWithPrefix() {
        client.put(bucket + "-x", "");
        client.put(bucket + "-y", "");
        S3Client.Answer page = client.get("/?prefix=" + name() + "-&max-buckets=1");
        assertEquals(name() + "-x", page.element("Name"));
        S3Client.Answer next = client.get(
                "/?prefix=" + name() + "-&max-buckets=1&continuation-token=" + page.element("ContinuationToken"));
        assertEquals(name() + "-y", next.element("Name"));
        assertEquals("", next.element("ContinuationToken"));
    }

    @Test
    void bucket_withRegion_remembersIt() {
        client.put(
                bucket + "-eu",
                "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>"
                        + "</CreateBucketConfiguration>");
        assertTrue(client.get(bucket + "-eu?location").text().contains(">eu-west-1</LocationConstraint>"));
        assertEquals(
                "eu-west-1", client.send("HEAD", bucket + "-eu", new byte[0]).header("x-amz-bucket-region"));
        assertEquals("us-east-1", client.send("HEAD", bucket, new byte[0]).header("x-amz-bucket-region"));
    }

    @Test
    void bucket_withObjects_isNotDeleted() {
        client.put(bucket + "/k", "x");
        assertEquals(
                "BucketNotEmpty", client.send("DELETE", bucket, new byte[0]).code());
        client.send("DELETE", bucket + "/k", new byte[0]);
        assertEquals(204, client.send("DELETE", bucket, new byte[0]).status());
        assertEquals("NoSuchBucket", client.send("DELETE", bucket, new byte[0]).code());
        assertEquals(404, client.send("HEAD", bucket, new byte[0]).status());
    }

    @ParameterizedTest
    @CsvSource({
        "policy,404,NoSuchBucketPolicy",
        "lifecycle,404,NoSuchLifecycleConfiguration",
        "cors,404,NoSuchCORSConfiguration",
        "tagging,404,NoSuchTagSet",
        "encryption,404,ServerSideEncryptionConfigurationNotFoundError",
        "object-lock,404,ObjectLockConfigurationNotFoundError",
        "website,404,NoSuchWebsiteConfiguration",
        "replication,404,ReplicationConfigurationNotFoundError",
        "publicAccessBlock,404,NoSuchPublicAccessBlockConfiguration",
        "analytics,501,NotImplemented"
    })
    void setting_thatNobodyMade_isMissedByItsOwnName(String setting, int status, String code) {
        S3Client.Answer answer = client.get(bucket + "?" + setting);
        assertEquals(status, answer.status());
        assertEquals(code, answer.code());
        assertEquals(
                "NotImplemented", client.put(bucket + "?" + setting, "<x/>").code());
    }

    @Test
    void setting_withDefault_isTold() {
        assertTrue(client.get(bucket + "?versioning").text().contains("<VersioningConfiguration"));
        assertTrue(client.get(bucket + "?acl").text().contains("FULL_CONTROL"));
        assertEquals("BucketOwner", client.get(bucket + "?requestPayment").element("Payer"));
    }

    @Test
    void stranger_withoutOrWithWrongSignature_isRefused() {
        S3Client.Answer answer = client.anonymous("GET", bucket, new byte[0]);
        assertEquals(403, answer.status());
        assertEquals("AccessDenied", answer.code());
        S3Client forger = new S3Client(node.address(), S3Node.ACCESS_KEY, "guess");
        assertEquals("SignatureDoesNotMatch", forger.get(bucket).code());
        S3Client nobody = new S3Client(node.address(), "nobody", "guess");
        assertEquals("InvalidAccessKeyId", nobody.get(bucket).code());
    }

    @Test
    void user_disabled_isRefused() {
        S3Client user = new S3Client(node.address(), "user-1", "user-secret");
        node.store().users().put(new UserRow("user-1", "user-secret", "User", true, Instant.EPOCH));
        assertEquals(200, user.get(bucket).status());
        node.store().users().put(new UserRow("user-1", "user-secret", "User", false, Instant.EPOCH));
        assertEquals("InvalidAccessKeyId", user.get(bucket).code());
    }

    @Test
    void owner_otherThanExpected_isRefused() {
        assertEquals(
                "AccessDenied",
                client.get(bucket, "x-amz-expected-bucket-owner", "123456789012")
                        .code());
        assertEquals(
                200,
                client.get(bucket, "x-amz-expected-bucket-owner", "000000000000")
                        .status());
    }

    @Test
    void preflight_withoutCors_isForbidden() {
        S3Client.Answer answer = client.anonymous("OPTIONS", bucket + "/k", new byte[0], "Origin", "http://a");
        assertEquals(403, answer.status());
        assertEquals("AccessForbidden", answer.code());
    }

    @Test
    void host_withBucket_addressesIt() {
        String host = name() + ".localhost:" + node.address().getPort();
        assertEquals(200, client.put("/k", "by host", "Host", host).status());
        assertEquals("by host", client.get(bucket + "/k").text());
    }

    @Test
    void request_whenDone_isToldToTheObserver() throws InterruptedException {
        S3Client.Answer answer = client.get(bucket + "/missing");
        RequestObserver.Completed told = node.completed(answer.header("x-amz-request-id"));
        assertEquals("GetObject", told.operation());
        assertEquals(404, told.status());
        assertEquals("NoSuchKey", told.errorCode());
        assertEquals(name(), told.bucket());
        assertEquals(S3Node.ACCESS_KEY, told.accessKey());
    }
}
