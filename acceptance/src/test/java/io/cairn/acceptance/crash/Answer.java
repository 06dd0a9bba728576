package io.cairn.acceptance.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole response: its status, its headers with names in lower case, and its body. */
public record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    /** Whether S3 says that it was done; a copy or a completion may fail behind a status of 200. */
    public boolean done() {
        return status / 100 == 2 && !text().contains("<Error>");
    }

    /** Whether the request was refused for good: it has no effect. Everything else that is not done is in doubt. */
    public boolean refused() {
        return status / 100 == 4;
    }

    public String text() {
        return new String(body, 0, Math.min(body.length, 1 << 20), StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The entity tag without its quotes, or empty. */
    public String etag() {
        return header("etag").orElse("").replace("\"", "");
    }

    /** The texts of all elements of that name, for names that hold no others. */
    public List<String> elements(String name) {
        return elements(text(), name);
    }

    public static List<String> elements(String xml, String name) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile("<" + name + ">(.*?)</" + name + ">", Pattern.DOTALL)
                .matcher(xml);
        while (matcher.find()) {
            found.add(matcher.group(1).replace("&quot;", "").replace("\"", ""));
        }
        return found;
    }

    public String element(String name) {
        List<String> all = elements(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    @Override
    public String toString() {
        return status + " " + text().substring(0, Math.min(text().length(), 400));
    }
}
