package io.cairn.console;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.http.Exchange;
import io.cairn.http.Handler;
import io.cairn.http.HeaderList;
import io.cairn.volumes.Outcome;
import io.cairn.volumes.Refusal;
import io.cairn.volumes.Volumes;
import io.cairn.volumes.VolumesFault;
import io.cairn.volumes.keys.KeyFault;
import io.cairn.volumes.keys.KeyProvider;
import io.cairn.volumes.spec.SnapshotName;
import io.cairn.volumes.spec.VolumeName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control of volumes, on a unix socket that only its owner may use, so without credentials of its own: what
 * {@code cairn volume} asks for, health and metrics. Thread-safe.
 */
public final class VolumeApi implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeApi.class);
    private static final DateTimeFormatter SNAPSHOT_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

    private final Volumes volumes;
    private final KeyProvider keys;
    private final Clock clock;
    private final Supplier<String> metrics;

    public VolumeApi(Volumes volumes, KeyProvider keys, Clock clock, Supplier<String> metrics) {
        this.volumes = volumes;
        this.keys = keys;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            route(exchange, Lookup.of(exchange));
        } catch (AdminRefusal refusal) {
            Answers.refuse(exchange, refusal);
        } catch (HostFault | VolumesFault | KeyFault fault) {
            LOG.warn("{} {} failed: {}", exchange.method(), exchange.target(), fault.getMessage());
            Answers.refuse(exchange, new AdminRefusal(500, String.valueOf(fault.getMessage())));
        }
    }

    private void route(Exchange exchange, Lookup lookup) {
        List<String> path = lookup.path();
        String verb = exchange.method() + " " + String.join("/", path.subList(0, Math.min(2, path.size())));
        switch (verb) {
            case "GET metrics" -> Answers.text(exchange, 200, MetricsPage.CONTENT_TYPE, metrics.get());
            case "GET health" -> Answers.json(exchange, 200, Map.of("problems", VolumesHealth.problems(volumes)));
            case "GET v1/doctor" -> Answers.json(exchange, 200, volumes.doctor());
            case "GET v1/pools" ->
                Answers.json(
                        exchange,
                        200,
                        volumes.pools().stream().map(PoolInfo::of).toList());
            case "POST v1/pools" -> forgetPool(exchange);
            case "POST v1/reconcile" -> Answers.json(exchange, 200, volumes.reconcile());
            case "POST v1/keys" -> keys(exchange, path);
            default -> {
                if (path.size() >= 2 && path.get(0).equals("v1") && path.get(1).equals("volumes")) {
                    volumes(exchange, lookup, path.subList(2, path.size()));
                } else {
                    throw noSuch(exchange);
                }
            }
        }
    }

    private static AdminRefusal noSuch(Exchange exchange) {
        return new AdminRefusal(404, "no such resource: " + exchange.method() + " " + exchange.target());
    }

    private void volumes(Exchange exchange, Lookup lookup, List<String> path) {
        if (path.isEmpty()) {
            all(exchange);
            return;
        }
        VolumeName name = read(VolumeName::new, path.getFirst());
        String verb = exchange.method()
                + path.stream()
                        .skip(1)
                        .limit(1)
                        .findFirst()
                        .map(word -> " " + word)
                        .orElse("");
        switch (verb) {
            case "GET" -> Answers.json(exchange, 200, found(name));
            case "DELETE" -> {
                boolean snapshots = lookup.parameter("snapshots").isPresent();
                answer(
                        exchange,
                        volumes.remove(name, snapshots),
                        view -> Map.of("removed", view.name().text()));
            }
            case "POST resize" ->
                answer(
                        exchange,
                        volumes.resize(
                                name, size(Answers.read(exchange, Size.class).size())),
                        ResizeInfo::of);
            case "POST rollback" -> answer(exchange, volumes.rollback(name, named(exchange)), SnapshotInfo::of);
            case "POST trim" -> answer(exchange, volumes.trim(name), trimmed -> Map.of("bytes", trimmed.bytes()));
            case "POST rotate-key" -> answer(exchange, volumes.rotateKey(name), Function.identity());
            case "POST reencrypt" -> answer(exchange, volumes.reencrypt(name), _ -> found(name));
            case "POST backup" ->
                answer(
                        exchange,
                        volumes.recordBackup(
                                name,
                                read(
                                        Instant::parse,
                                        Answers.read(exchange, BackedUp.class).at())),
                        _ -> found(name));
            case "GET changes" ->
                answer(
                        exchange,
                        volumes.changes(
                                name,
                                lookup.parameter("from").map(from -> read(SnapshotName::new, from)),
                                read(SnapshotName::new, lookup.parameter("to").orElse(""))),
                        DiffInfo::of);
            case "GET snapshots", "POST snapshots", "DELETE snapshots" -> snapshots(exchange, name, path);
            default -> throw noSuch(exchange);
        }
    }

    /** The body of {@code POST volumes}. */
    record NewVolume(String name, Map<String, String> options) {}

    /** The body of {@code POST resize}. */
    record Size(String size) {}

    /** The body of {@code POST backup}: when a backup of the volume was complete. */
    record BackedUp(String at) {}

    /** The body that names a snapshot. */
    record Named(String name) {}

    /** The body of {@code POST snapshots}; without a name it gets one from the time. */
    record NewSnapshot(@Nullable String name, @Nullable Long freezeMaxMillis) {}

    /** The body of {@code POST pools}: a pool that is to be forgotten. */
    record Forgotten(String directory) {}

    private void all(Exchange exchange) {
        switch (exchange.method()) {
            case "GET" ->
                Answers.json(
                        exchange,
                        200,
                        volumes.list().stream()
                                .map(view -> volumes.status(view.name()))
                                .flatMap(Optional::stream)
                                .map(VolumeInfo::of)
                                .toList());
            case "POST" -> {
                NewVolume wanted = Answers.read(exchange, NewVolume.class);
                VolumeName name = read(VolumeName::new, wanted.name());
                answer(exchange, volumes.create(name, wanted.options()), _ -> found(name));
            }
            default -> throw new AdminRefusal(405, exchange.method() + " is not possible on volumes");
        }
    }

    private VolumeInfo found(VolumeName name) {
        return volumes.status(name)
                .map(VolumeInfo::of)
                .orElseThrow(() ->
                        new AdminRefusal(404, "no volume " + name + "; `cairn volume ls` shows those that there are"));
    }

    private void snapshots(Exchange exchange, VolumeName name, List<String> path) {
        if (path.size() == 3 && exchange.method().equals("DELETE")) {
            answer(exchange, volumes.deleteSnapshot(name, read(SnapshotName::new, path.get(2))), SnapshotInfo::of);
        } else if (path.size() == 2 && exchange.method().equals("GET")) {
            answer(
                    exchange,
                    volumes.snapshots(name),
                    all -> all.stream().map(SnapshotInfo::of).toList());
        } else if (path.size() == 2 && exchange.method().equals("POST")) {
            NewSnapshot wanted = Answers.read(exchange, NewSnapshot.class);
            String snapshot = wanted.name() == null ? SNAPSHOT_NAME.format(clock.now()) : wanted.name();
            Duration freezeMax = wanted.freezeMaxMillis() == null
                    ? Volumes.FREEZE_MAX_DEFAULT
                    : Duration.ofMillis(wanted.freezeMaxMillis());
            answer(exchange, volumes.snapshot(name, read(SnapshotName::new, snapshot), freezeMax), SnapshotInfo::of);
        } else {
            throw noSuch(exchange);
        }
    }

    private void keys(Exchange exchange, List<String> path) {
        switch (String.join("/", path)) {
            case "v1/keys/rotate" -> answer(exchange, volumes.rotateMasterKey(), Function.identity());
            case "v1/keys/export" -> exportKeys(exchange);
            default -> throw noSuch(exchange);
        }
    }

    private void exportKeys(Exchange exchange) {
        try (KeyMaterial ring = keys.export()
                .orElseThrow(() -> new AdminRefusal(
                        409, "there is nothing to export: " + keys.describe() + ", or no volume needed a key yet"))) {
            LOG.warn("the master keys are exported to whoever asked on the control socket");
            exchange.send(200, HeaderList.of("Content-Type", "application/octet-stream"), ring.bytes());
        }
    }

    private void forgetPool(Exchange exchange) {
        String directory = Answers.read(exchange, Forgotten.class).directory();
        answer(exchange, volumes.forgetPool(Path.of(directory)), path -> Map.of("forgotten", path.toString()));
    }

    private SnapshotName named(Exchange exchange) {
        return read(SnapshotName::new, Answers.read(exchange, Named.class).name());
    }

    private static ByteCount size(String text) {
        return read(ByteCount::parse, text);
    }

    /** A value of its text; one that is none is the asker's mistake. */
    private static <T> T read(Function<String, T> reader, @Nullable String text) {
        if (text == null) {
            throw new AdminRefusal(400, "the body of the request lacks a field");
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeParseException malformed) {
            throw new AdminRefusal(400, String.valueOf(malformed.getMessage()));
        }
    }

    private static <T> void answer(Exchange exchange, Outcome<T> outcome, Function<T, ?> shown) {
        switch (outcome) {
            case Outcome.Done<T>(T value) -> Answers.json(exchange, 200, shown.apply(value));
            case Outcome.Refused<T>(Refusal refusal) ->
                throw new AdminRefusal(statusOf(refusal.reason()), refusal.message());
        }
    }

    private static int statusOf(Refusal.Reason reason) {
        return switch (reason) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case EXISTS, IN_USE -> 409;
            case BUSY -> 423;
            case NOT_SUPPORTED -> 501;
            case POOL_UNAVAILABLE, KEY_UNAVAILABLE -> 503;
            case NO_SPACE -> 507;
            case DAMAGED -> 500;
        };
    }
}
