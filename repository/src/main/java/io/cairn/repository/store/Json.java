package io.cairn.repository.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The small JSON documents of a repository as maps, lists, strings, longs, doubles, booleans and {@link #NULL}; unknown
 * fields survive a reading and writing. Written as Go writes it, so that equal documents have equal ids. Stateless.
 */
public final class Json {
    /** JSON's null; our collections have no nulls. */
    public static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int DEPTH_MAX = 32;

    private Json() {}

    /** A streaming parser, for documents that are too large to keep. */
    public static JsonParser parser(byte[] bytes, int offset, int length) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length);
    }

    public static Object read(byte[] bytes, Object what) {
        try (JsonParser parser = parser(bytes, 0, bytes.length)) {
            parser.nextToken();
            return value(parser, 0);
        } catch (JacksonException | IllegalStateException broken) {
            throw new RepositoryFault.Damaged(what + " is not the JSON that it should be", broken);
        }
    }

    private static Object value(JsonParser parser, int depth) {
        JsonToken token = parser.currentToken();
        if (token == null || depth > DEPTH_MAX) {
            throw new IllegalStateException("ends early, or too deep");
        }
        return switch (token) {
            case START_OBJECT -> map(parser, depth);
            case START_ARRAY -> list(parser, depth);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> NULL;
            case END_ARRAY, END_OBJECT, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a value was expected");
        };
    }

    /** Go writes unsigned numbers of 64 bits; the bits are kept. */
    private static Object integer(JsonParser parser) {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? parser.getBigIntegerValue().longValue()
                : parser.getLongValue();
    }

    private static Map<String, Object> map(JsonParser parser, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser, depth + 1));
        }
        return map;
    }

    private static List<Object> list(JsonParser parser, int depth) {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser, depth + 1));
        }
        return list;
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(@Nullable Object value, Object what) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new RepositoryFault.Damaged(what + " is not the JSON object that it should be");
    }

    /** The strings of an array; empty when there is none. */
    public static List<String> texts(Map<String, Object> from, String name) {
        Object value = from.get(name);
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A string, empty when it is not there. */
    public static String text(Map<String, Object> from, String name) {
        return from.get(name) instanceof String text ? text : "";
    }

    /** A number, 0 when it is not there. */
    public static long number(Map<String, Object> from, String name) {
        return from.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** A time of RFC 3339; the epoch when it is not there or not one. */
    public static Instant instant(Map<String, Object> from, String name) {
        try {
            String text = text(from, name);
            return text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException notATime) {
            return Instant.EPOCH;
        }
    }

    /** A time as Go writes it: nanoseconds without trailing zeros, years from 0 to 9999. */
    public static String time(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        int year = Math.clamp(time.getYear(), 0, 9999);
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.withYear(year));
    }

    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                quote(out, String.valueOf(entry.getKey()));
                out.append(':');
                write(out, entry.getValue());
                separator = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            char separator = '[';
            for (Object element : list) {
                out.append(separator);
                write(out, element);
                separator = ',';
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof String text) {
            quote(out, text);
        } else {
            out.append(value);
        }
    }

    /** A JSON string as Go's encoder writes it, with its escapes for HTML. */
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
