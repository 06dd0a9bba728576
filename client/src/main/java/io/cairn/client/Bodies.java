package io.cairn.client;

import io.cairn.wire.S3Exception;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Answers read as a whole, and asked for again when their bodies break off or are not what they should be. Stateless.
 */
final class Bodies {
    private static final int TRIES = 4;

    private Bodies() {}

    /** Reads one answer. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    static <T> T retried(S3Client client, Reading<T> reading) {
        for (int i = 1; ; i++) {
            try {
                return reading.read();
            } catch (S3Fault.Damaged damaged) {
                if (i == TRIES) {
                    throw damaged;
                }
            } catch (IOException | S3Exception broken) {
                if (i == TRIES) {
                    throw new S3Fault.Unreachable(
                            "answers of " + client.endpoint() + " break off or cannot be read, at last with: "
                                    + broken.getMessage() + ". Try again later",
                            broken);
                }
            }
        }
    }

    /** At most {@code length} bytes; fewer when the object ends there. */
    static Optional<byte[]> whole(S3Client client, Request request, int length) {
        return retried(client, () -> switch (client.send(request)) {
            case Answer answer -> {
                try (answer) {
                    yield Optional.of(part(answer, length));
                }
            }
            case S3Said said when said.status() == 416 -> Optional.of(new byte[0]);
            case S3Said said when said.status() == 404 -> Optional.empty();
            case S3Said said -> throw Bucket.unexpected(request, said);
        });
    }

    private static byte[] part(Answer answer, int length) throws IOException {
        if (answer.status() != 206) {
            throw new IOException("the whole object came where a part was asked for");
        }
        InputStream in = answer.body();
        byte[] bytes = in.readNBytes(length);
        long promised = answer.header("content-length").map(Long::parseLong).orElse((long) bytes.length);
        if (bytes.length != promised) {
            throw new IOException("the answer broke off at byte " + bytes.length + " of " + promised);
        }
        return bytes;
    }
}
