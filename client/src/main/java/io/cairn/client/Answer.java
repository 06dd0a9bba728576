package io.cairn.client;

import io.cairn.wire.Header;
import io.cairn.wire.xml.XmlElement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a request: status, headers (their text decoded from UTF-8) and a stream of its body, which must be
 * closed. {@code tries}: how many it took. One thread.
 */
record Answer(int status, List<Header> headers, InputStream body, int tries) implements Reply, AutoCloseable {
    private static final int DOCUMENT_BYTES_MAX = 32 << 20;
    private static final int ERROR_BYTES_MAX = 64 << 10;

    Answer {
        headers = List.copyOf(headers);
    }

    Optional<String> header(String name) {
        return Header.first(headers, name);
    }

    /** The body as XML. */
    XmlElement document() throws IOException {
        byte[] bytes = body.readNBytes(DOCUMENT_BYTES_MAX);
        return XmlElement.parse(bytes);
    }

    /** What a failed request's body says; nothing that it cannot be read as. */
    S3Said said() {
        try {
            byte[] bytes = body.readNBytes(ERROR_BYTES_MAX);
            return S3Said.of(status, bytes, this);
        } catch (IOException cut) {
            return S3Said.of(status, new byte[0], this);
        }
    }

    /** Text that a header holds as UTF-8, one {@code char} a byte. */
    static String text(String raw) {
        return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Reads what little is left, so that the connection can be used again, and lets it go. */
    @Override
    public void close() {
        try (body) {
            byte[] rest = new byte[1 << 12];
            int left = ERROR_BYTES_MAX;
            for (int count; left > 0 && (count = body.read(rest)) >= 0; left -= count) {
                continue;
            }
        } catch (IOException cut) {
            return;
        }
    }
}
