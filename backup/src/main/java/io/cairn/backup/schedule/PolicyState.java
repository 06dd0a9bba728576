package io.cairn.backup.schedule;

import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of a policy between runs and over restarts, in a file of its own: {@code handled} is the planned
 * time up to which nothing is owed. Times that never were are {@link Instant#EPOCH}. A file that cannot be read counts
 * as none: then nothing is owed, and the repository still has the recovery points.
 */
public record PolicyState(
        Instant created,
        Instant handled,
        Instant lastAttempt,
        Instant lastSuccess,
        String lastRun,
        String lastSentence,
        long succeeded,
        long failed,
        long seconds,
        long bytes,
        long newBytes) {
    static PolicyState fresh(Instant now) {
        Instant never = Instant.EPOCH;
        return new PolicyState(now, now, never, never, "", "", 0, 0, 0, 0, 0);
    }

    static PolicyState load(Path file, Instant now) {
        try {
            Map<String, Object> fields = Json.object(Json.read(Files.readAllBytes(file), file), file);
            return new PolicyState(
                    Json.instant(fields, "created"),
                    Json.instant(fields, "handled"),
                    Json.instant(fields, "lastAttempt"),
                    Json.instant(fields, "lastSuccess"),
                    Json.text(fields, "lastRun"),
                    Json.text(fields, "lastSentence"),
                    Json.number(fields, "succeeded"),
                    Json.number(fields, "failed"),
                    Json.number(fields, "seconds"),
                    Json.number(fields, "bytes"),
                    Json.number(fields, "newBytes"));
        } catch (IOException | RepositoryFault unreadable) {
            return fresh(now);
        }
    }

    /** Durable when it returns; whole or as before when it fails. */
    void save(Path file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("created", Json.time(created));
        fields.put("handled", Json.time(handled));
        fields.put("lastAttempt", Json.time(lastAttempt));
        fields.put("lastSuccess", Json.time(lastSuccess));
        fields.put("lastRun", lastRun);
        fields.put("lastSentence", lastSentence);
        fields.put("succeeded", succeeded);
        fields.put("failed", failed);
        fields.put("seconds", seconds);
        fields.put("bytes", bytes);
        fields.put("newBytes", newBytes);
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.wrap(Json.write(fields).getBytes(StandardCharsets.UTF_8));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remember the state of a policy in " + file, failed);
        }
    }

    PolicyState handled(Instant planned, Instant now) {
        return new PolicyState(
                created,
                planned,
                now,
                lastSuccess,
                lastRun,
                lastSentence,
                succeeded,
                this.failed,
                seconds,
                bytes,
                newBytes);
    }

    PolicyState succeeded(Instant at, String run, long took, long size, long added) {
        return new PolicyState(
                created,
                handled,
                lastAttempt,
                at,
                run,
                "complete and verified",
                succeeded + 1,
                failed,
                took,
                size,
                added);
    }

    PolicyState failed(String run, String sentence) {
        return new PolicyState(
                created,
                handled,
                lastAttempt,
                lastSuccess,
                run,
                sentence,
                succeeded,
                failed + 1,
                seconds,
                bytes,
                newBytes);
    }
}
