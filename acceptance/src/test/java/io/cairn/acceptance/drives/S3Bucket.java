package io.cairn.acceptance.drives;

import io.cairn.acceptance.crash.Answer;
import io.cairn.acceptance.crash.S3Client;
import io.cairn.model.UnavailableFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A bucket of a daemon, over HTTP. Safe for use by many threads. */
record S3Bucket(S3Client client, String name) implements ObjectBucket {
    private static final byte[] NOTHING = {};

    /** The bucket, made if it is not there. */
    static S3Bucket of(S3Client client, String name) throws IOException {
        Answer made = client.put("/" + name, NOTHING);
        if (!made.done() && made.status() != 409) {
            throw new IOException("no bucket: " + made);
        }
        return new S3Bucket(client, name);
    }

    private Answer send(String method, String key, String query, byte[] body) {
        try {
            Answer answer = client.send(method, "/" + name + "/" + key, query, body);
            if (answer.status() / 100 == 5 || answer.status() / 100 == 2 && !answer.done()) {
                throw new UnavailableFault(method + " " + key + ": " + answer);
            }
            return answer;
        } catch (IOException cut) {
            throw new UnavailableFault(method + " " + key + ": " + cut, cut);
        }
    }

    private Answer done(Answer answer) {
        if (!answer.done()) {
            throw new IllegalStateException("refused: " + answer);
        }
        return answer;
    }

    @Override
    public void put(String key, byte[] bytes) {
        Answer _ = done(send("PUT", key, "", bytes));
    }

    @Override
    public void putParts(String key, byte[] bytes, int partBytes) {
        String id = done(send("POST", key, "uploads=", NOTHING)).element("UploadId");
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int at = 0, number = 1; at < bytes.length; at += partBytes, number++) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + partBytes));
            Answer put = done(send("PUT", key, "partNumber=" + number + "&uploadId=" + id, part));
            xml.append("<Part><PartNumber>" + number + "</PartNumber><ETag>" + put.etag() + "</ETag></Part>");
        }
        byte[] parts = xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        Answer _ = done(send("POST", key, "uploadId=" + id, parts));
    }

    @Override
    public void delete(String key) {
        Answer _ = done(send("DELETE", key, "", NOTHING));
    }

    @Override
    public Optional<byte[]> get(String key) {
        Answer answer = send("GET", key, "", NOTHING);
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(done(answer).body());
    }
}
