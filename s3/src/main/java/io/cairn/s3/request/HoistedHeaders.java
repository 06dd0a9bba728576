package io.cairn.s3.request;

import io.cairn.wire.Header;
import io.cairn.wire.Query;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.sigv4.SigV4Signer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers that a presigned URL carries in its query. SDKs put every {@code x-amz-*} header there that is known when
 * the URL is made, so that whoever uses it need not send them; the signature covers them there as well. Stateless.
 */
public final class HoistedHeaders {
    private static final String PREFIX = "x-amz-";

    /** What the signature itself is made of, and what frames a body: the latter belongs to who sends it. */
    private static final Set<String> OF_THE_SIGNATURE = Set.of(
            "x-amz-algorithm",
            "x-amz-content-sha256",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-decoded-content-length",
            "x-amz-expires",
            "x-amz-security-token",
            "x-amz-signature",
            "x-amz-signedheaders",
            "x-amz-trailer");

    private HoistedHeaders() {}

    /** The head with the headers of its query among its own; one that was sent as a header counts before these. */
    public static RequestHead of(RequestHead head) {
        if (!head.rawQuery().contains("X-Amz-Signature")) {
            return head;
        }
        List<Header> headers = new ArrayList<>(head.headers());
        for (Query.Parameter parameter : Query.parse(head.rawQuery()).parameters()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (isHeader(name) && !head.has(name)) {
                headers.add(new Header(name, value(name, parameter.value())));
            }
        }
        return new RequestHead(head.method(), head.rawPath(), head.rawQuery(), headers);
    }

    /** SDKs sign the checksum of an empty body into a URL for an upload; like Amazon, nobody holds the upload to it. */
    private static boolean isHeader(String name) {
        boolean digest = name.startsWith("x-amz-checksum-")
                && !name.equals("x-amz-checksum-algorithm")
                && !name.equals("x-amz-checksum-type")
                && !name.equals("x-amz-checksum-mode");
        return name.startsWith(PREFIX)
                && !OF_THE_SIGNATURE.contains(name)
                && !digest
                && !name.equals("x-amz-sdk-checksum-algorithm");
    }

    private static String value(String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "A header must not hold control characters.")
                    .with("ArgumentName", name);
        }
        return SigV4Signer.headerText(value);
    }
}
