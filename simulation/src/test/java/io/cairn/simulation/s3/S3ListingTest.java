package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3ListingTest extends S3FaceTest {
    private void put(String... keys) {
        for (String key : keys) {
            client.put(bucket + "/" + key, key);
        }
    }

    private static List<String> all(S3Client.Answer answer, String element) {
        List<String> found = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(answer.text());
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void version2_pagesThroughKeysAndPrefixes() {
        put("a", "b/1", "b/2", "c", "d/1");
        List<String> seen = new ArrayList<>();
        String token = "";
        int pages = 0;
        do {
            S3Client.Answer page = client.get(bucket + "?list-type=2&delimiter=/&max-keys=1"
                    + (token.isEmpty() ? "" : "&continuation-token=" + token));
            seen.addAll(all(page, "Key"));
            seen.addAll(all(page, "CommonPrefixes><Prefix").isEmpty() ? prefixes(page) : List.of());
            token = page.element("NextContinuationToken");
            assertEquals(!token.isEmpty(), page.element("IsTruncated").equals("true"));
            pages++;
        } while (!token.isEmpty());
        assertEquals(List.of("a", "b/", "c", "d/"), seen);
        assertEquals(4, pages);
    }

    private static List<String> prefixes(S3Client.Answer page) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile("<CommonPrefixes><Prefix>([^<]*)<").matcher(page.text());
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void version1_pagesByMarker() {
        put("a", "b/1", "b/2", "c");
        S3Client.Answer page = client.get(bucket + "?delimiter=/&max-keys=2");
        assertEquals(List.of("a"), all(page, "Key"));
        assertEquals(List.of("b/"), prefixes(page));
        assertEquals("b/", page.element("NextMarker"));
        S3Client.Answer rest = client.get(bucket + "?delimiter=/&max-keys=2&marker=b/");
        assertEquals(List.of("c"), all(rest, "Key"));
        assertEquals(List.of(), prefixes(rest));
        assertEquals("false", rest.element("IsTruncated"));
    }

    @Test
    void version2_answersItsParameters() {
        put("a", "b", "c");
        S3Client.Answer page = client.get(bucket + "?list-type=2&start-after=a&fetch-owner=true");
        assertEquals(List.of("b", "c"), all(page, "Key"));
        assertEquals("2", page.element("KeyCount"));
        assertEquals("a", page.element("StartAfter"));
        assertTrue(page.text().contains("<Owner>"));
        assertEquals(List.of("b"), all(client.get(bucket + "?list-type=2&prefix=b"), "Key"));
        S3Client.Answer none = client.get(bucket + "?list-type=2&max-keys=0");
        assertEquals("0", none.element("KeyCount"));
        assertEquals("false", none.element("IsTruncated"));
    }

    @Test
    void versions_ofUnversionedBucket_areTheObjects() {
        put("a", "b");
        S3Client.Answer page = client.get(bucket + "?versions&max-keys=1");
        assertEquals("null", page.element("VersionId"));
        assertEquals("true", page.element("IsLatest"));
        assertEquals("a", page.element("NextKeyMarker"));
        S3Client.Answer rest = client.get(bucket + "?versions&key-marker=a&version-id-marker=null");
        assertEquals(List.of("b"), all(rest, "Key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list-type=3",
                "list-type=2&max-keys=-1",
                "max-keys=x",
                "max-keys=99999999999",
                "encoding-type=base64",
                "list-type=2&continuation-token=",
                "list-type=2&continuation-token=!",
                "versions&version-id-marker=null"
            })
    void parameters_thatMakeNoSense_areInvalid(String query) {
        S3Client.Answer answer = client.get(bucket + "?" + query);
        assertEquals(400, answer.status());
        assertEquals("InvalidArgument", answer.code());
    }

    @Test
    void bulkDelete_answersForEachKey() {
        put("a", "b", "c");
        String etag = client.get(bucket + "/b").header("etag").replace("\"", "");
        S3Client.Answer answer = delete("<Delete><Object><Key>a</Key></Object><Object><Key>none</Key></Object>"
                + "<Object><Key>b</Key><ETag>" + etag + "</ETag></Object>"
                + "<Object><Key>c</Key><ETag>wrong</ETag></Object>"
                + "<Object><Key>c</Key><VersionId>v</VersionId></Object></Delete>");
        assertEquals(200, answer.status());
        assertEquals(3, all(answer, "Key").size() - all(answer, "Code").size());
        assertEquals(List.of("PreconditionFailed", "NoSuchVersion"), all(answer, "Code"));
        assertEquals(List.of("c"), all(client.get(bucket), "Key"));
        S3Client.Answer quiet = delete("<Delete><Quiet>true</Quiet><Object><Key>c</Key></Object></Delete>");
        assertEquals(List.of(), all(quiet, "Key"));
        assertEquals(List.of(), all(client.get(bucket), "Key"));
    }

    private S3Client.Answer delete(String document) {
        byte[] body = document.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return client.send("POST", bucket + "?delete", body, "x-amz-checksum-crc32", crc32(body));
    }

    private static String crc32(byte[] body) {
        return Base64.getEncoder()
                .encodeToString(io.cairn.base.Checksum.digest(io.cairn.base.ChecksumAlgorithm.CRC32, body));
    }

    @ParameterizedTest
    @CsvSource({
        "<Delete></Delete>,MalformedXML",
        "<Nothing/>,MalformedXML",
        "no document,MalformedXML",
        "<Delete><Object><Key></Key></Object></Delete>,MalformedXML"
    })
    void bulkDelete_ofMalformedDocument_isRefused(String document, String code) {
        assertEquals(code, delete(document).code());
    }

    @Test
    void bulkDelete_withoutDigest_isRefused() {
        byte[] body =
                "<Delete><Object><Key>a</Key></Object></Delete>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(
                "InvalidRequest", client.send("POST", bucket + "?delete", body).code());
    }
}
