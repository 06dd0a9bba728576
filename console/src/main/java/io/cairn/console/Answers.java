package io.cairn.console;

import io.cairn.http.Exchange;
import io.cairn.http.HeaderList;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** How the admin face writes answers and reads bodies: JSON, with one shape for refusals. */
final class Answers {
    private static final int BODY_BYTES_MAX = 64 << 10;

    private Answers() {}

    /** Jackson is loaded with the first answer that needs it, not at start. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder().build();
    }

    /** The shape of every refusal. */
    record Refusal(int status, String error) {}

    static void json(Exchange exchange, int status, Object value) {
        byte[] body = Json.MAPPER.writeValueAsBytes(value);
        exchange.send(status, HeaderList.of("Content-Type", "application/json"), body);
    }

    static void refuse(Exchange exchange, AdminRefusal refusal) {
        byte[] body = Json.MAPPER.writeValueAsBytes(new Refusal(refusal.status(), refusal.sentence()));
        HeaderList headers = refusal.status() == 401
                ? HeaderList.of("Content-Type", "application/json", "WWW-Authenticate", "Basic realm=\"cairn\"")
                : HeaderList.of("Content-Type", "application/json");
        exchange.send(refusal.status(), headers, body);
    }

    static void text(Exchange exchange, int status, String contentType, String text) {
        exchange.send(status, HeaderList.of("Content-Type", contentType), text.getBytes(StandardCharsets.UTF_8));
    }

    /** The request's body as JSON of the given shape; a missing or malformed one is refused. */
    static <T> T read(Exchange exchange, Class<T> shape) {
        byte[] buffer = new byte[BODY_BYTES_MAX + 1];
        int length = exchange.body().readFully(buffer, 0, buffer.length);
        if (length > BODY_BYTES_MAX) {
            throw new AdminRefusal(413, "the body is longer than " + BODY_BYTES_MAX + " bytes");
        }
        try {
            return Json.MAPPER.readValue(buffer, 0, length, shape);
        } catch (JacksonException malformed) {
            throw new AdminRefusal(
                    400, "the body is not the JSON that was expected: " + malformed.getOriginalMessage());
        }
    }
}
