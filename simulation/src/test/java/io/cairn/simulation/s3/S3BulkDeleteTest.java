package io.cairn.simulation.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.Command;
import io.cairn.model.CommandCodec;
import io.cairn.model.CommandLog;
import io.cairn.model.LogStatus;
import io.cairn.model.ReplicatedState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DeleteObjects: many keys in one request are many commands in few syncs, answered in order. */
final class S3BulkDeleteTest {
    private static final int KEYS = 1000;
    private static final int TOGETHER = 100;

    @TempDir
    private Path root;

    /** Lets no delete through before so many of them have come. */
    private record Gathering(CommandLog log, CountDownLatch come) implements CommandLog {
        @Override
        public byte[] submit(byte[] command) {
            if (CommandCodec.decode(command) instanceof Command.DeleteObject) {
                come.countDown();
                try {
                    assertTrue(come.await(10, TimeUnit.SECONDS), "deletes come one after another");
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
            return log.submit(command);
        }

        @Override
        public ReplicatedState leaderState() {
            return log.leaderState();
        }

        @Override
        public LogStatus status() {
            return log.status();
        }

        @Override
        public void close() {
            log.close();
        }
    }

    @Test
    void deletes_ofOneRequest_goTogetherAndAreAnsweredInOrder() {
        CountDownLatch come = new CountDownLatch(TOGETHER);
        try (S3Node node = S3Node.start(root, log -> new Gathering(log, come))) {
            S3Client client = new S3Client(node.address(), S3Node.ACCESS_KEY, S3Node.SECRET_KEY);
            client.put("/bucket", "");
            StringBuilder document = new StringBuilder("<Delete>");
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                // Every other one is there; a few are asked for with a tag that they do not have.
                String key = "key-" + i * 7919 % KEYS;
                keys.add(key);
                if (i % 2 == 0) {
                    client.put("/bucket/" + key, "x");
                }
                String tag = i % 100 == 0 ? "<ETag>\"other\"</ETag>" : "";
                document.append("<Object><Key>").append(key).append("</Key>").append(tag);
                document.append("</Object>");
            }
            byte[] body = document.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
            S3Client.Answer answer = client.send("POST", "/bucket?delete", body, "Content-MD5", md5(body));
            assertEquals(200, answer.status(), answer.text());
            List<String> refused = keys("Error", answer.text());
            assertEquals(
                    List.of(0, 100, 200, 300, 400, 500, 600, 700, 800, 900),
                    refused.stream().map(keys::indexOf).toList());
            List<String> others = new ArrayList<>(keys);
            others.removeAll(refused);
            assertEquals(others, keys("Deleted", answer.text()));
            assertEquals("10", client.get("/bucket?list-type=2").element("KeyCount"));
        }
    }

    private static List<String> keys(String element, String xml) {
        return Pattern.compile("<" + element + "><Key>([^<]*)</Key>")
                .matcher(xml)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String md5(byte[] body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
