package io.cairn.wire.xml;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The request document of CompleteMultipartUpload: 1 to 10,000 parts in ascending order. */
public record CompleteRequest(List<Part> parts) {
    /** The largest document that makes sense, in bytes. */
    public static final int BYTES_MAX = 4 << 20;

    private static final int PARTS_MAX = 10_000;

    /**
     * A part as the client knows it.
     *
     * @param etag without quotes
     * @param checksums in base64 as the client gave them
     */
    public record Part(int number, String etag, Map<ChecksumAlgorithm, String> checksums) {
        public Part {
            checksums = Map.copyOf(checksums);
        }
    }

    public CompleteRequest {
        parts = List.copyOf(parts);
    }

    public static CompleteRequest parse(byte[] document) {
        XmlElement root = XmlElement.parse(document).requireName("CompleteMultipartUpload");
        List<Part> parts = new ArrayList<>();
        for (XmlElement child : root.children()) {
            if (child.name().equals("Part")) {
                Part part = part(child);
                if (!parts.isEmpty() && part.number() <= parts.getLast().number()) {
                    throw new S3Exception(S3Error.INVALID_PART_ORDER);
                }
                parts.add(part);
            }
        }
        if (parts.isEmpty() || parts.size() > PARTS_MAX) {
            throw XmlElement.malformed();
        }
        return new CompleteRequest(parts);
    }

    /** An entity tag without the quotes that most clients put around it. */
    static String unquoted(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static Part part(XmlElement element) {
        Map<ChecksumAlgorithm, String> checksums = new EnumMap<>(ChecksumAlgorithm.class);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            element.childText(ObjectChecksum.element(algorithm))
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> checksums.put(algorithm, value));
        }
        return new Part(
                number(element.childText("PartNumber").orElseThrow(XmlElement::malformed)),
                unquoted(element.childText("ETag").orElseThrow(XmlElement::malformed)),
                checksums);
    }

    private static int number(String text) {
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw XmlElement.malformed();
        }
        if (number < 1 || number > PARTS_MAX) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "PartNumber must be an integer between 1 and 10000, inclusive")
                    .with("ArgumentName", "PartNumber")
                    .with("ArgumentValue", text);
        }
        return number;
    }
}
