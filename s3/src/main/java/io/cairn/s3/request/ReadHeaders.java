package io.cairn.s3.request;

import io.cairn.s3.request.AttributeChoice.Attribute;
import io.cairn.wire.Header;
import io.cairn.wire.Query;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.SigV4Signer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads how an object is to be read. Stateless. */
final class ReadHeaders {
    private static final Map<String, String> OVERRIDES = Map.of(
            "response-content-type", "content-type",
            "response-content-language", "content-language",
            "response-expires", "expires",
            "response-cache-control", "cache-control",
            "response-content-disposition", "content-disposition",
            "response-content-encoding", "content-encoding");

    private ReadHeaders() {}

    static Reading reading(RequestHead head, Parameters parameters) {
        Refusals.ofRead(head.headers());
        OptionalInt part = parameters.partNumber();
        Optional<ByteRange> range = head.header("range").flatMap(ByteRange::parse);
        if (part.isPresent() && head.has("range")) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
        }
        return new Reading(
                Conditions.of(head, ""),
                range,
                part,
                head.header("if-range").orElse(""),
                overrides(parameters),
                head.header("x-amz-checksum-mode").orElse("").strip().equalsIgnoreCase("ENABLED"));
    }

    private static Map<String, String> overrides(Parameters parameters) {
        Map<String, String> overrides = new HashMap<>();
        for (Query.Parameter parameter : parameters.query().parameters()) {
            String header = OVERRIDES.get(parameter.name());
            if (header != null) {
                overrides.put(header, headerValue(parameter.name(), parameter.value()));
            }
        }
        return overrides;
    }

    private static String headerValue(String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw Parameters.invalid(name, "", "A response header must not hold control characters.");
        }
        return SigV4Signer.headerText(value);
    }

    /** What {@code x-amz-object-attributes} and the headers of its page say. */
    static AttributeChoice attributes(RequestHead head) {
        Refusals.ofRead(head.headers());
        Set<Attribute> wanted = EnumSet.noneOf(Attribute.class);
        for (Header header : head.headers()) {
            if (header.is("x-amz-object-attributes")) {
                for (String name : header.value().split(",")) {
                    wanted.add(attribute(name.strip()));
                }
            }
        }
        if (wanted.isEmpty()) {
            throw Parameters.invalid(
                    "x-amz-object-attributes",
                    "",
                    "The x-amz-object-attributes header specifying the attributes to be"
                            + " retrieved is either missing or empty");
        }
        return new AttributeChoice(
                wanted,
                count(head, "x-amz-part-number-marker", 0, Integer.MAX_VALUE),
                count(head, "x-amz-max-parts", Listing.LIMIT_MAX, Listing.LIMIT_MAX));
    }

    private static Attribute attribute(String name) {
        return Arrays.stream(Attribute.values())
                .filter(attribute -> attribute.s3Name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> Parameters.invalid("x-amz-object-attributes", name, "Invalid attribute name specified."));
    }

    private static int count(RequestHead head, String name, int otherwise, int most) {
        return head.header(name)
                .map(text -> Parameters.count(name, text.strip(), most))
                .orElse(otherwise);
    }
}
