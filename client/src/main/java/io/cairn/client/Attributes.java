package io.cairn.client;

import io.cairn.wire.Header;
import io.cairn.wire.Percent;
import io.cairn.wire.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an object carries beside its bytes. {@code system}: headers that S3 keeps (content-type, cache-control, …), in
 * lower case; {@code metadata}: names without {@code x-amz-meta-}, in lower case.
 */
public record Attributes(
        Map<String, String> system, Map<String, String> metadata, Map<String, String> tags, Optional<ObjectLock> lock) {
    public static final Attributes NONE = new Attributes(Map.of(), Map.of(), Map.of(), Optional.empty());

    /** The headers that S3 keeps and gives back. */
    public static final Set<String> SYSTEM = Set.of(
            "content-type",
            "content-encoding",
            "content-language",
            "content-disposition",
            "cache-control",
            "expires",
            "x-amz-website-redirect-location");

    private static final String META = "x-amz-meta-";

    /** Until when a version can be neither deleted nor overwritten; in compliance mode not even by root. */
    public record ObjectLock(Mode mode, Instant until) {
        public enum Mode {
            GOVERNANCE,
            COMPLIANCE
        }
    }

    public Attributes {
        system = new TreeMap<>(system);
        metadata = new TreeMap<>(metadata);
        tags = new TreeMap<>(tags);
    }

    /** With a lock and nothing else. */
    public static Attributes locked(ObjectLock lock) {
        return new Attributes(Map.of(), Map.of(), Map.of(), Optional.of(lock));
    }

    public Attributes withTags(Map<String, String> all) {
        return new Attributes(system, metadata, all, lock);
    }

    List<Header> headers() {
        List<Header> headers = new ArrayList<>();
        system.forEach((name, value) -> headers.add(new Header(name, value)));
        metadata.forEach((name, value) -> headers.add(new Header(META + name, value)));
        if (!tags.isEmpty()) {
            List<String> pairs = new ArrayList<>();
            tags.forEach((name, value) -> pairs.add(Percent.encode(name) + "=" + Percent.encode(value)));
            headers.add(new Header("x-amz-tagging", String.join("&", pairs)));
        }
        lock.ifPresent(until -> {
            headers.add(new Header("x-amz-object-lock-mode", until.mode().name()));
            headers.add(new Header("x-amz-object-lock-retain-until-date", Timestamps.iso(until.until())));
        });
        return headers;
    }

    /** All but the tags, which answers only count. */
    static Attributes of(List<Header> headers) {
        Map<String, String> system = new TreeMap<>();
        Map<String, String> metadata = new TreeMap<>();
        for (Header header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (SYSTEM.contains(name)) {
                system.put(name, header.value());
            } else if (name.startsWith(META)) {
                metadata.merge(name.substring(META.length()), header.value(), (a, b) -> a + "," + b);
            }
        }
        return new Attributes(system, metadata, Map.of(), lock(headers));
    }

    private static Optional<ObjectLock> lock(List<Header> headers) {
        Optional<Instant> until =
                Header.first(headers, "x-amz-object-lock-retain-until-date").flatMap(Timestamps::parse);
        return Header.first(headers, "x-amz-object-lock-mode")
                .filter(mode -> mode.equals("GOVERNANCE") || mode.equals("COMPLIANCE"))
                .flatMap(mode -> until.map(time -> new ObjectLock(ObjectLock.Mode.valueOf(mode), time)));
    }
}
