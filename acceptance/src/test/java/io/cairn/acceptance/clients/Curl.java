package io.cairn.acceptance.clients;

import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code curl} with or without somebody's keys. Immutable. */
record Curl(Program program, List<String> options) {
    /** What was answered: status, content type, length of the body, and the body. */
    record Answer(int status, String type, byte[] body) {
        String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    static Curl anonymous(Path home) {
        return new Curl(Program.installed("/usr/bin/curl", home), List.of());
    }

    Curl with(String... more) {
        var all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Curl(program, List.copyOf(all));
    }

    /** With HTTP Basic, as the root key. */
    Curl basic(RunningCairn cairn) {
        return with("--user", cairn.accessKey() + ":" + cairn.secretKey());
    }

    /** With signatures of S3, as the root key. */
    Curl signed(RunningCairn cairn) {
        return basic(cairn).with("--aws-sigv4", "aws:amz:us-east-1:s3", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD");
    }

    Answer get(String url, String... more) {
        var line = new ArrayList<>(options);
        Path body = program.home().resolve("curl-body");
        line.addAll(List.of("--silent", "--show-error", "--path-as-is", "--max-time", "60"));
        line.addAll(List.of("--output", body.toString(), "--write-out", "%{http_code}\t%{content_type}", url));
        line.addAll(List.of(more));
        try {
            Files.deleteIfExists(body);
            String[] told = program.run(line.toArray(String[]::new)).split("\t", -1);
            byte[] bytes = Files.exists(body) ? Files.readAllBytes(body) : new byte[0];
            return new Answer(Integer.parseInt(told[0]), told[1], bytes);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    int status(String url, String... more) {
        return get(url, more).status();
    }
}
