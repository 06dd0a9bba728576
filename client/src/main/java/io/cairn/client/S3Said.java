package io.cairn.client;

import io.cairn.wire.S3Exception;
import io.cairn.wire.xml.XmlElement;
import java.util.Optional;

/** The error document of an answer, or the little that its status says when there is none. */
record S3Said(int status, String code, String text, Optional<String> region, String requestId, int tries)
        implements Reply {
    static S3Said of(int status, byte[] document, Answer answer) {
        Optional<String> region = answer.header("x-amz-bucket-region");
        String request = answer.header("x-amz-request-id").orElse("");
        if (document.length > 0) {
            try {
                XmlElement root = XmlElement.parse(document);
                if (root.name().equals("Error")) {
                    return new S3Said(
                            status,
                            root.childText("Code").orElse(""),
                            root.childText("Message").orElse(""),
                            region.or(() -> root.childText("Region")),
                            request,
                            answer.tries());
                }
            } catch (S3Exception notXml) {
                return new S3Said(status, "", "", region, request, answer.tries());
            }
        }
        return new S3Said(status, "", "", region, request, answer.tries());
    }

    boolean is(String... codes) {
        for (String each : codes) {
            if (each.equals(code)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return status
                + (code.isEmpty() ? "" : " " + code)
                + (text.isEmpty() ? "" : " (" + text + ")")
                + (requestId.isEmpty() ? "" : ", request " + requestId);
    }
}
