package io.cairn.wire.form;

import io.cairn.wire.Header;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.payload.ByteSource;
import io.cairn.wire.sigv4.SigV4Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The form of a browser upload: its fields, then its file as a stream. Fields behind the file are ignored, as S3 does.
 * Belongs to one thread at a time.
 */
public final class UploadForm {
    /** The most that fields and their headers may take before the file, in bytes. */
    public static final int FIELD_BYTES_MAX = 20 << 10;

    private static final String FILE = "file";
    private static final String FILE_NAME = "${filename}";
    private static final int BOUNDARY_MAX = 200;

    private final MultipartReader parts;
    private final Map<String, String> fields;
    private final String fileName;

    private UploadForm(MultipartReader parts, Map<String, String> fields, String fileName) {
        this.parts = parts;
        this.fields = fields;
        this.fileName = fileName;
    }

    /** Reads a form up to where its file begins. */
    public static UploadForm open(String contentType, ByteSource body) throws IOException {
        MultipartReader parts = new MultipartReader(body, boundary(contentType));
        Map<String, String> fields = new LinkedHashMap<>();
        int bytes = 0;
        while (parts.next()) {
            Map<String, String> headers = parts.headers();
            String disposition = headers.getOrDefault("content-disposition", "");
            String name = FormParameter.of(disposition, "name")
                    .orElseThrow(UploadForm::malformed)
                    .toLowerCase(Locale.ROOT);
            if (name.equals(FILE)) {
                String fileName = FormParameter.of(disposition, "filename").orElse("");
                return new UploadForm(parts, fields, lastName(fileName));
            }
            String value = value(parts, FIELD_BYTES_MAX - bytes);
            bytes += name.length() + value.length() + disposition.length();
            if (bytes > FIELD_BYTES_MAX) {
                throw new S3Exception(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
            }
            if (fields.put(name, value) != null) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "POST requires exactly one value for each field.")
                        .with("ArgumentName", name);
            }
        }
        throw new S3Exception(S3Error.INCORRECT_NUMBER_OF_FILES_IN_POST_REQUEST);
    }

    /** The fields before the file, by lower-case name, in order. */
    public Map<String, String> fields() {
        return Collections.unmodifiableMap(fields);
    }

    public Optional<String> field(String lowerCaseName) {
        return Optional.ofNullable(fields.get(lowerCaseName));
    }

    /** The fields as if they were headers of a PUT, values as headers hold them; for metadata and checksums. */
    public List<Header> headers() {
        return fields.entrySet().stream()
                .map(field -> new Header(
                        field.getKey(),
                        new String(field.getValue().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                .toList();
    }

    /** The key to store under, with the file's own name put in for {@code ${filename}}. */
    public String key() {
        String key = fields.getOrDefault("key", "");
        if (key.isEmpty()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Bucket POST must contain a field named 'key'.  If it is specified, please check the order"
                                    + " of the fields.")
                    .with("ArgumentName", "key");
        }
        return key.replace(FILE_NAME, fileName);
    }

    /** The name that the browser gave for the file, without directories; may be empty. */
    public String fileName() {
        return fileName;
    }

    /**
     * The file. It fails with {@code EntityTooSmall} or {@code EntityTooLarge} when it is not within the range, the
     * former only at its end: nothing counts before -1 was read. Asked for once.
     */
    public ByteSource file(long bytesMin, long bytesMax) {
        return new FormFile(parts, bytesMin, bytesMax);
    }

    /**
     * The access key whose holder signed the form's policy; empty when the form is not signed. Whether the form meets
     * the policy is for {@link PostPolicy#check}.
     */
    public Optional<String> authenticate(SigV4Verifier verifier) {
        if (fields.containsKey("signature") || fields.containsKey("awsaccesskeyid")) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
        if (!fields.containsKey("policy") && !fields.containsKey("x-amz-signature")) {
            return Optional.empty();
        }
        if (!required("x-amz-algorithm").equals("AWS4-HMAC-SHA256")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        if (!fields.getOrDefault("x-amz-security-token", "").isEmpty()) {
            throw new S3Exception(S3Error.INVALID_TOKEN);
        }
        return Optional.of(verifier.authenticatePolicy(
                required("policy"), required("x-amz-credential"), required("x-amz-date"), required("x-amz-signature")));
    }

    private String required(String name) {
        String value = fields.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Bucket POST must contain a field named '" + name + "'.")
                    .with("ArgumentName", name);
        }
        return value;
    }

    private static String value(MultipartReader parts, int bytesMax) throws IOException {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        byte[] piece = new byte[1024];
        for (int n = parts.read(piece, 0, piece.length); n >= 0; n = parts.read(piece, 0, piece.length)) {
            value.write(piece, 0, n);
            if (value.size() > bytesMax) {
                throw new S3Exception(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
            }
        }
        return value.toString(StandardCharsets.UTF_8);
    }

    private static String boundary(String contentType) {
        String type = contentType.strip();
        if (!type.regionMatches(true, 0, "multipart/form-data", 0, "multipart/form-data".length())) {
            throw new S3Exception(
                    S3Error.PRECONDITION_FAILED, "Bucket POST must be of the enclosure-type multipart/form-data");
        }
        return FormParameter.of(type, "boundary")
                .filter(boundary -> !boundary.isEmpty() && boundary.length() <= BOUNDARY_MAX)
                .orElseThrow(UploadForm::malformed);
    }

    private static String lastName(String fileName) {
        return fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_POST_REQUEST);
    }
}
