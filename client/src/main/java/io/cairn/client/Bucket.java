package io.cairn.client;

import io.cairn.base.Hashes;
import io.cairn.wire.Timestamps;
import io.cairn.wire.xml.XmlElement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One bucket: single operations on it and on its objects. What is there when a call returns is what S3 promises: a put
 * is durable and seen by every later read. Errors: {@link S3Fault}. Safe for use by many threads.
 */
public final class Bucket {
    private static final int DELETE_KEYS_MAX = 1000;

    private final S3Client client;
    private final String name;

    Bucket(S3Client client, String name) {
        this.client = client;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** The bucket and its server, for messages. */
    public String place() {
        return "bucket " + name + " at " + client.endpoint();
    }

    S3Client client() {
        return client;
    }

    private Request request(String method, String key) {
        return Request.of(method, name, key);
    }

    public boolean exists() {
        return switch (client.send(request("HEAD", ""))) {
            case Answer answer -> {
                answer.close();
                yield true;
            }
            case S3Said _ -> false;
        };
    }

    /** The server's clock, in whole seconds; ours, corrected by what is known, when it does not tell. */
    public Instant serverTime() {
        return switch (client.send(request("HEAD", ""))) {
            case Answer answer -> {
                try (answer) {
                    yield answer.header("date").flatMap(Timestamps::parse).orElse(client.now());
                }
            }
            case S3Said said ->
                throw new S3Fault.Refused("there is no " + place() + " (" + said
                        + "), or this key may not see it; correct the" + " name, or the permissions");
        };
    }

    /** Makes the bucket; false when it is ours already. */
    public boolean create() {
        Request make = request("PUT", "");
        String region = client.endpoint().region();
        if (client.endpoint().address().getHost().endsWith("amazonaws.com") && !region.equals("us-east-1")) {
            make = make.body(text("<CreateBucketConfiguration><LocationConstraint>" + region
                    + "</LocationConstraint></CreateBucketConfiguration>"));
        }
        return switch (client.send(make)) {
            case Answer answer -> {
                answer.close();
                yield true;
            }
            case S3Said said when said.is("BucketAlreadyOwnedByYou") -> false;
            case S3Said said -> throw unexpected("make", said);
        };
    }

    /** Stores the object, replacing one that is there. */
    public Put.Stored put(String key, Body body, Attributes attributes) {
        return switch (store(request("PUT", key).headers(attributes.headers()).body(body))) {
            case Put.Stored stored -> stored;
            case Put.Taken _ ->
                throw new S3Fault.Refused(
                        "object " + key + " in " + place() + " cannot be replaced: the server says that it is locked");
        };
    }

    /** Stores the object unless the key is taken; whether a server does this at all, only a trial tells. */
    public Put putIfAbsent(String key, Body body, Attributes attributes) {
        return store(request("PUT", key)
                .headers(attributes.headers())
                .header("If-None-Match", "*")
                .body(body));
    }

    private Put store(Request request) {
        return switch (client.send(request)) {
            case Answer answer -> {
                try (answer) {
                    yield new Put.Stored(
                            answer.header("etag").map(ObjectHead::unquoted).orElse(""),
                            answer.header("x-amz-version-id").orElse(""),
                            answer.tries());
                }
            }
            case S3Said said when said.status() == 412 || said.status() == 409 -> new Put.Taken(said.tries());
            case S3Said said -> throw unexpected(request, said);
        };
    }

    /** Nothing is known of an absent object, nor of one whose newest version is a delete marker. */
    public Optional<ObjectHead> head(String key, Optional<String> version) {
        return switch (client.send(request("HEAD", key).with("versionId", version))) {
            case Answer answer -> {
                try (answer) {
                    yield Optional.of(ObjectHead.of(answer.headers(), length(answer)));
                }
            }
            case S3Said _ -> Optional.empty();
        };
    }

    /** The whole object as a stream that goes on after a break and is checked at its end. */
    public Optional<ObjectContent> get(String key, Optional<String> version) {
        Request request = request("GET", key).with("versionId", version);
        return switch (client.send(request.header("x-amz-checksum-mode", "ENABLED"))) {
            case Answer answer -> Optional.of(content(request, answer));
            case S3Said said when said.status() == 404 || said.status() == 405 -> Optional.empty();
            case S3Said said -> throw unexpected(request, said);
        };
    }

    private ObjectContent content(Request request, Answer answer) {
        ObjectHead head = ObjectHead.of(answer.headers(), length(answer));
        boolean whole = answer.header("x-amz-checksum-type")
                .map("FULL_OBJECT"::equalsIgnoreCase)
                .orElse(!head.etag().contains("-"));
        String crc = answer.header("x-amz-checksum-crc32c")
                .filter(sum -> whole && !sum.contains("-"))
                .orElse("");
        boolean encrypted = answer.header("x-amz-server-side-encryption")
                        .filter(kind -> !kind.equals("AES256"))
                        .isPresent()
                || answer.header("x-amz-server-side-encryption-customer-algorithm")
                        .isPresent();
        String md5 = !encrypted && head.etag().matches("[0-9a-f]{32}") ? head.etag() : "";
        ResumingStream.Rest rest = offset -> rest(request, offset, head);
        return new ObjectContent(
                head, new ResumingStream(request.toString(), head.size(), answer.body(), rest, crc, md5));
    }

    private InputStream rest(Request request, long offset, ObjectHead head) {
        Request part = request.header("Range", "bytes=" + offset + "-").header("If-Match", "\"" + head.etag() + "\"");
        return switch (client.send(part)) {
            case Answer answer when answer.status() == 206 -> answer.body();
            case Answer answer -> {
                answer.close();
                throw new S3Fault.Unreachable(part + " was answered without a range, so that a read that broke off"
                        + " cannot go on; try again later");
            }
            case S3Said said ->
                throw new S3Fault.Unreachable("while it was read, the object of " + request + " changed or went away ("
                        + said + "); run again");
        };
    }

    /** So many bytes from an offset, or as many as there are; empty when there is no such object. */
    public Optional<byte[]> range(String key, long offset, int length) {
        Request request = request("GET", key).header("Range", "bytes=" + offset + "-" + (offset + length - 1));
        return Bodies.whole(client, request, length);
    }

    /** The whole of an object that fits into memory, checked; empty when there is none. */
    public Optional<byte[]> load(String key) {
        return Bodies.retried(client, () -> {
            Optional<ObjectContent> found = get(key, Optional.empty());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            try (ObjectContent content = found.get()) {
                return Optional.of(content.stream().readAllBytes());
            }
        });
    }

    private static long length(Answer answer) {
        return answer.header("content-length").map(Long::parseLong).orElse(0L);
    }

    /** Deletes the object, or makes a delete marker where there are versions; deletes that version if one is named. */
    public void delete(String key, Optional<String> version) {
        switch (client.send(request("DELETE", key).with("versionId", version))) {
            case Answer answer -> answer.close();
            case S3Said said when said.status() == 404 -> {}
            case S3Said said -> throw unexpected("delete " + key + " in", said);
        }
    }

    /** Makes a delete marker and gives its version. */
    public String deleteMarker(String key) {
        return switch (client.send(request("DELETE", key))) {
            case Answer answer -> {
                try (answer) {
                    yield answer.header("x-amz-version-id").orElse("");
                }
            }
            case S3Said said -> throw unexpected("delete " + key + " in", said);
        };
    }

    /** Deletes many; gives what could not be deleted, by key, with the server's words. */
    public Map<String, String> delete(List<Listed> entries) {
        Map<String, String> failed = new LinkedHashMap<>();
        for (int start = 0; start < entries.size(); start += DELETE_KEYS_MAX) {
            List<Listed> some = entries.subList(start, Math.min(entries.size(), start + DELETE_KEYS_MAX));
            List<Listed> together =
                    some.stream().filter(entry -> Documents.fits(entry.key())).toList();
            some.stream()
                    .filter(entry -> !Documents.fits(entry.key()))
                    .forEach(entry ->
                            delete(entry.key(), Optional.of(entry.version()).filter(version -> !version.isEmpty())));
            if (together.isEmpty()) {
                continue;
            }
            Body document = text(Documents.delete(together));
            XmlElement result = document(client, withMd5(request("POST", "").with("delete", ""), document));
            for (XmlElement error : result.children()) {
                if (error.name().equals("Error")) {
                    failed.put(
                            error.childText("Key").orElse(""),
                            error.childText("Code").orElse("") + " "
                                    + error.childText("Message").orElse(""));
                }
            }
        }
        return failed;
    }

    /** Objects whose keys have the prefix, in the order of their keys, after {@code after} if that is not empty. */
    public Iterator<List<Listed>> list(String prefix, String after) {
        return new Listing(client, name, prefix, after, false);
    }

    /** Versions and delete markers, newest first for each key. */
    public Iterator<List<Listed>> versions(String prefix) {
        return new Listing(client, name, prefix, "", true);
    }

    public Map<String, String> tags(String key, Optional<String> version) {
        Map<String, String> tags = new LinkedHashMap<>();
        XmlElement document =
                document(client, request("GET", key).with("tagging", "").with("versionId", version));
        document.child("TagSet").stream()
                .flatMap(set -> set.children().stream())
                .forEach(tag -> tags.put(
                        tag.child("Key").map(XmlElement::text).orElse(""),
                        tag.child("Value").map(XmlElement::text).orElse("")));
        return tags;
    }

    public void tag(String key, Optional<String> version, Map<String, String> tags) {
        Body document = text(Documents.tagging(tags));
        ask(withMd5(request("PUT", key).with("tagging", "").with("versionId", version), document));
    }

    /** Locks a version for longer. */
    public void retain(String key, Optional<String> version, Attributes.ObjectLock lock) {
        Body document = text(Documents.retention(lock));
        ask(withMd5(request("PUT", key).with("retention", "").with("versionId", version), document));
    }

    /** Whether objects here can be locked. */
    public boolean locks() {
        try {
            return switch (client.send(request("GET", "").with("object-lock", ""))) {
                case Answer answer -> {
                    try (answer) {
                        yield answer.document()
                                .childText("ObjectLockEnabled")
                                .filter("Enabled"::equals)
                                .isPresent();
                    }
                }
                case S3Said _ -> false;
            };
        } catch (IOException | S3Fault.Refused no) {
            return false;
        }
    }

    /** {@code Enabled}, {@code Suspended}, or empty when the bucket never had versions. */
    public String versioning() {
        return document(client, request("GET", "").with("versioning", ""))
                .childText("Status")
                .orElse("");
    }

    public void versioning(boolean enabled) {
        Body document = text(Documents.versioning(enabled));
        ask(withMd5(request("PUT", "").with("versioning", ""), document));
    }

    /** An upload in parts; nothing shows before it is completed. */
    public MultipartUpload multipart(String key, Attributes attributes) {
        Request begin = request("POST", key).with("uploads", "").headers(attributes.headers());
        String id = document(client, begin).childText("UploadId").orElse("");
        return new MultipartUpload(this, key, id);
    }

    private void ask(Request request) {
        switch (client.send(request)) {
            case Answer answer -> answer.close();
            case S3Said said -> throw unexpected(request, said);
        }
    }

    /** Servers ask for one or the other checksum on documents; old ones know only MD5. */
    static Request withMd5(Request request, Body document) {
        try (InputStream in = document.open()) {
            byte[] md5 = Hashes.md5().digest(in.readAllBytes());
            return request.header("Content-MD5", Base64.getEncoder().encodeToString(md5))
                    .header("Content-Type", "application/xml")
                    .body(document);
        } catch (IOException impossible) {
            throw new IllegalStateException("an array cannot be read", impossible);
        }
    }

    static Body text(String document) {
        return Body.of(document.getBytes(StandardCharsets.UTF_8));
    }

    static XmlElement document(S3Client client, Request request) {
        return Bodies.retried(client, () -> switch (client.send(request)) {
            case Answer answer -> {
                try (answer) {
                    yield answer.document();
                }
            }
            case S3Said said -> throw unexpected(request, said);
        });
    }

    static S3Fault unexpected(Object what, S3Said said) {
        return new S3Fault.Refused(what + " was answered " + said + ", which is no answer to that");
    }
}
