package io.cairn.docker;

import io.cairn.base.Clock;
import io.cairn.http.Endpoint;
import io.cairn.http.Exchange;
import io.cairn.http.Handler;
import io.cairn.http.HeaderList;
import io.cairn.http.HttpLimits;
import io.cairn.http.HttpServerOptions;
import io.cairn.http.HttpTimeouts;
import io.cairn.volumes.Volumes;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Docker's volume driver: one request, one call, one answer. Every error is an answer with status 200 and a sentence in
 * {@code Err}, the form that Docker shows as it is. Docker gives up after a time and says nothing: so every call is
 * answered before, what takes longer goes on by itself, and a mount for which nobody waits any more is undone, because
 * Docker never unmounts what it was not given. Thread-safe.
 */
public final class VolumePlugin implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(VolumePlugin.class);
    private static final HeaderList JSON = HeaderList.of("Content-Type", "application/vnd.docker.plugins.v1.2+json");
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final int BODY_BYTES_FIRST = 1 << 10;
    private static final int LOOKUP_THREADS_MAX = 16;
    private static final int CHANGE_THREADS_MAX = 32;
    private static final int CONNECTIONS_MAX = 256;

    private final DriverVolumes volumes;
    private final Clock clock;
    private final CallCounters counters = new CallCounters();

    /** Looking never waits behind changing. */
    private final Patience lookups = new Patience("docker-lookup", LOOKUP_THREADS_MAX);

    private final Patience changes = new Patience("docker-change", CHANGE_THREADS_MAX);

    VolumePlugin(DriverVolumes volumes, Clock clock) {
        this.volumes = volumes;
        this.clock = clock;
    }

    /** The driver for these volumes. */
    public static VolumePlugin of(Volumes volumes, Clock clock) {
        return new VolumePlugin(new HostVolumes(volumes), clock);
    }

    /** How to listen for Docker, which is the only user of the socket. It keeps idle connections for good. */
    public static HttpServerOptions listenOn(Path socket) {
        HttpTimeouts usual = HttpTimeouts.defaults();
        return HttpServerOptions.unix(new Endpoint.Unix(socket, PosixFilePermissions.fromString("rw-------")))
                .withLimits(HttpLimits.defaults().withConnections(CONNECTIONS_MAX))
                .withTimeouts(new HttpTimeouts(
                        Duration.ofHours(24),
                        usual.headerRead(),
                        usual.bodyStall(),
                        usual.writeStall(),
                        usual.drain(),
                        usual.linger(),
                        usual.shutdown()));
    }

    public PluginStats stats() {
        return counters.snapshot();
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        Optional<CallKind> kind = CallKind.at(exchange.target());
        if (kind.isEmpty() || !exchange.method().equals("POST")) {
            counters.malformed.increment();
            String sentence = "no call of the volume driver protocol: " + exchange.method() + " " + exchange.target();
            exchange.send(kind.isEmpty() ? 404 : 405, JSON, AnswerWriter.error(sentence));
            return;
        }
        handle(exchange, kind.get());
    }

    private void handle(Exchange exchange, CallKind kind) throws Exception {
        long begun = clock.nanos();
        boolean error = true;
        try {
            byte[] answer = answer(exchange, kind);
            error = false;
            exchange.send(200, JSON, answer);
        } catch (PluginRefusal refusal) {
            LOG.debug("{}: {}", kind.word(), refusal.sentence());
            exchange.send(200, JSON, AnswerWriter.error(refusal.sentence()));
        } finally {
            counters.count(kind, error, clock.nanos() - begun);
        }
    }

    private byte[] answer(Exchange exchange, CallKind kind) throws Exception {
        return switch (call(exchange, kind)) {
            case PluginCall.Activate _ -> AnswerWriter.activated();
            case PluginCall.Capabilities _ -> AnswerWriter.capabilities();
            case PluginCall.Mount mount -> mount(exchange, mount);
            case PluginCall.Create create ->
                inTime(kind, create.name(), "it is still being made", () -> {
                    volumes.create(create.name(), create.options());
                    return AnswerWriter.done();
                });
            case PluginCall.Remove(String name) ->
                inTime(kind, name, "it is still being removed", () -> {
                    volumes.remove(name);
                    return AnswerWriter.done();
                });
            case PluginCall.Unmount(String name, String id) ->
                inTime(kind, name, "it is still being unmounted", () -> {
                    volumes.unmount(name, id);
                    return AnswerWriter.done();
                });
            case PluginCall.MountPath(String name) ->
                inTime(
                        kind,
                        name,
                        "it does not answer",
                        () -> AnswerWriter.mountpoint(volumes.mountpoint(name).orElseThrow(() -> absent(name))));
            case PluginCall.Get(String name) ->
                inTime(
                        kind,
                        name,
                        "it does not answer",
                        () -> AnswerWriter.volume(volumes.find(name).orElseThrow(() -> absent(name))));
            case PluginCall.ListAll _ ->
                inTime(kind, "", "they cannot be listed", () -> AnswerWriter.volumes(volumes.list()));
        };
    }

    private PluginCall call(Exchange exchange, CallKind kind) {
        long announced = exchange.body().contentLength().orElse(BODY_BYTES_FIRST);
        byte[] body = new byte[(int) Math.min(announced, BODY_BYTES_MAX) + 1];
        int length = exchange.body().readFully(body, 0, body.length);
        while (length == body.length && length <= BODY_BYTES_MAX) {
            body = Arrays.copyOf(body, Math.min(2 * length, BODY_BYTES_MAX + 1));
            length += exchange.body().readFully(body, length, body.length - length);
        }
        if (length > BODY_BYTES_MAX) {
            throw new PluginRefusal("the body of the call is longer than " + BODY_BYTES_MAX + " bytes");
        }
        return CallDecoder.decode(kind, body, length);
    }

    private static PluginRefusal absent(String name) {
        return new PluginRefusal("no such volume: " + name);
    }

    private byte[] inTime(CallKind kind, String name, String meanwhile, Callable<byte[]> work) throws Exception {
        Patience patience = kind.changes() ? changes : lookups;
        return switch (patience.await(kind.patience(), work, result -> lateEnd(kind, name, result))) {
            case Patience.End.Done<byte[]>(byte[] answer) -> answer;
            case Patience.End.Late<byte[]> _ -> throw late(kind, name, meanwhile);
            case Patience.End.Crowded<byte[]> _ -> throw crowded();
        };
    }

    /** Mounts, and takes the mount back when the answer comes too late for Docker, or Docker has gone. */
    private byte[] mount(Exchange exchange, PluginCall.Mount call) throws Exception {
        Patience.End<String> end =
                changes.await(CallKind.MOUNT.patience(), () -> volumes.mount(call.name(), call.id()), result -> {
                    if (!result.isCompletedExceptionally()) {
                        undo(call, "it took too long");
                    }
                    lateEnd(CallKind.MOUNT, call.name(), result);
                });
        switch (end) {
            case Patience.End.Done<String>(String mountpoint) -> {
                if (!exchange.connected()) {
                    undo(call, "Docker has closed the connection");
                    throw new PluginRefusal("nobody waits for the mount of " + call.name() + " any more");
                }
                return AnswerWriter.mountpoint(mountpoint);
            }
            case Patience.End.Late<String> _ -> throw late(CallKind.MOUNT, call.name(), "it is still being mounted");
            case Patience.End.Crowded<String> _ -> throw crowded();
        }
    }

    private void undo(PluginCall.Mount call, String reason) {
        counters.undone.increment();
        LOG.warn("the mount {} of volume {} is undone: {}", printable(call.id()), printable(call.name()), reason);
        try {
            volumes.unmount(call.name(), call.id());
        } catch (PluginRefusal failed) {
            LOG.warn("it cannot be undone, and is left to reconciliation: {}", failed.sentence());
        }
    }

    private static PluginRefusal late(CallKind kind, String name, String meanwhile) {
        return new PluginRefusal("volume " + name + ": " + meanwhile + " after "
                + kind.patience().toSeconds()
                + " s, and that goes on; ask again in a while (`cairn volume ls` shows how it is)");
    }

    private static PluginRefusal crowded() {
        return new PluginRefusal("the volume driver has too many calls to answer; ask again in a while");
    }

    private static void lateEnd(CallKind kind, String name, CompletableFuture<?> result) {
        if (result.isCompletedExceptionally()) {
            LOG.warn(
                    "{} of volume {} ended late: {}",
                    kind.word(),
                    printable(name),
                    String.valueOf(result.exceptionNow().getMessage()));
        } else {
            LOG.info("{} of volume {} is done; nobody waited for it any more", kind.word(), printable(name));
        }
    }

    private static String printable(String text) {
        return AnswerWriter.printable(text).replace('\n', ' ');
    }
}
