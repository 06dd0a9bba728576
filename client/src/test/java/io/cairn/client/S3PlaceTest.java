package io.cairn.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of buckets as people write them, and where their credentials come from. */
final class S3PlaceTest {
    @ParameterizedTest
    @CsvSource({
        "s3://10.0.0.7:9000/b/p/q, https://10.0.0.7:9000, b, p/q/",
        "s3://127.0.0.1:9000/b, http://127.0.0.1:9000, b, ''",
        "s3://localhost/b/, http://localhost, b, ''",
        "s3://[::1]:9000/b/p, http://[::1]:9000, b, p/",
        "s3:http://store:9000/b/p/, http://store:9000, b, p/",
        "s3:https://store/b, https://store, b, ''",
        "s3:s3.amazonaws.com/b/p, https://s3.amazonaws.com, b, p/",
        "s3+http://store/b, http://store, b, ''"
    })
    void word_ofEachForm_isUnderstood(String word, String address, String bucket, String prefix) {
        S3Place place = S3Place.parse(word);
        assertTrue(S3Place.means(word));
        assertEquals(address, place.endpoint().address().toString());
        assertEquals(bucket, place.bucket());
        assertEquals(prefix, place.prefix());
    }

    @Test
    void directory_isNoBucket() {
        assertFalse(S3Place.means("/backups/s3"));
        assertFalse(S3Place.means("s3"));
    }

    @Test
    void word_withAPassword_isRefusedWithoutShowingIt() {
        for (String word : List.of("s3://key:hunter2@host/b", "s3:http://key:hunter2@host/b")) {
            String said = assertThrows(S3Fault.Refused.class, () -> S3Place.parse(word))
                    .getMessage();
            assertFalse(said.contains("hunter2"), said);
            assertTrue(said.contains("AWS_ACCESS_KEY_ID"), said);
        }
        assertThrows(S3Fault.Refused.class, () -> S3Place.parse("s3://host"));
        assertThrows(S3Fault.Refused.class, () -> S3Place.parse("s3://host/b?style=odd"));
    }

    @Test
    void bucket_isNamedInThePathOrInTheHost() {
        Endpoint amazon =
                S3Place.parse("s3:s3.amazonaws.com/b?region=eu-west-1").endpoint();
        assertEquals("b.s3.amazonaws.com", amazon.host("b"));
        assertEquals("/a%20b/c", amazon.path("b", "a b/c"));
        assertEquals("eu-west-1", amazon.region());
        Endpoint own = S3Place.parse("s3:http://store:9000/b").endpoint();
        assertEquals("store:9000", own.host("b"));
        assertEquals("/b/%C3%BC//x", own.path("b", "ü//x"));
        assertEquals("/b", own.path("b", ""));
        assertEquals(
                "s3.amazonaws.com",
                S3Place.parse("s3:s3.amazonaws.com/dotted.name").endpoint().host("dotted.name"));
    }

    @Test
    void credentials_comeFromWhereItIsSaid(@TempDir Path scratch) throws Exception {
        Path ours = Files.writeString(scratch.resolve("ours"), "access_key=A\nsecret_key = S=1\n");
        Path amazons = Files.writeString(
                scratch.resolve("amazons"),
                "[other]\naws_access_key_id=X\n[default]\naws_access_key_id = B\naws_secret_access_key = T\n"
                        + "aws_session_token=K\n");
        Map<String, String> environment = Map.of("AWS_ACCESS_KEY_ID", "E", "AWS_SECRET_ACCESS_KEY", "U");
        assertEquals("E", CredentialSource.configured(environment).credentials().accessKey());
        S3Place place = S3Place.parse("s3://h/b?credentials-file=" + ours);
        assertEquals(
                new Credentials("A", "S=1", Optional.empty()),
                place.credentials(environment).credentials());
        S3Place command = S3Place.parse("s3://h/b?credentials-command=cat%20" + amazons);
        assertEquals(
                new Credentials("B", "T", Optional.of("K")),
                command.credentials(environment).credentials());
        assertFalse(place.credentials(environment).credentials().toString().contains("S=1"));
        assertThrows(
                S3Fault.Refused.class,
                () -> CredentialSource.configured(Map.of()).credentials());
        CredentialSource failing = CredentialSource.command("exit 3", 60);
        assertThrows(S3Fault.Refused.class, failing::credentials);
    }
}
