package io.cairn.console;

import io.cairn.http.Exchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request's target taken apart: the segments of its path and the parameters of its query, decoded.
 *
 * @param path without the first slash; empty segments kept
 */
record Lookup(List<String> path, Map<String, String> query) {
    static Lookup of(Exchange exchange) {
        String target = exchange.target();
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        Map<String, String> query = new HashMap<>();
        if (question >= 0) {
            for (String pair : target.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        List<String> segments =
                Arrays.stream(path.split("/", -1)).skip(1).map(Lookup::decoded).toList();
        return new Lookup(segments, query);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new AdminRefusal(400, "the percent-encoding of the target is malformed");
        }
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }
}
