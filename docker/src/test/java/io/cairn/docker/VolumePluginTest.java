package io.cairn.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.Clock;
import io.cairn.http.HttpServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The wire form of every call, over a real unix socket, as a real Engine was seen to speak it. */
@Timeout(30)
class VolumePluginTest {
    @TempDir
    private Path directory;

    private final FakeVolumes volumes = new FakeVolumes();
    private final VolumePlugin plugin = new VolumePlugin(volumes, Clock.system());
    private HttpServer server;
    private Engine engine;

    @BeforeEach
    void listen() throws Exception {
        server = HttpServer.start(VolumePlugin.listenOn(socket()), plugin);
        engine = new Engine(socket());
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        server.close();
    }

    private Path socket() {
        return directory.resolve("cairn.sock");
    }

    private String call(String name, String body) throws Exception {
        Engine.Answer answer = engine.call("/VolumeDriver." + name, body);
        assertEquals(200, answer.status());
        assertEquals("application/vnd.docker.plugins.v1.2+json", answer.contentType());
        return answer.body();
    }

    static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            Thread.sleep(2);
        }
    }

    @Test
    void calls_asDockerMakesThem_areAnswered() throws Exception {
        assertEquals(
                "{\"Implements\":[\"VolumeDriver\"]}",
                engine.call("/Plugin.Activate", "").body());
        assertEquals("{\"Capabilities\":{\"Scope\":\"local\"}}", call("Capabilities", "{}\n"));
        assertEquals("{\"Err\":\"no such volume: v\"}", call("Get", "{\"Name\":\"v\"}\n"));
        assertEquals(
                "{\"Err\":\"\"}", call("Create", "{\"Name\":\"v\",\"Opts\":{\"fs\":\"ext4\",\"size\":\"64M\"}}\n"));
        assertEquals(Map.of("v", Map.of("fs", "ext4", "size", "64M")), volumes.volumes);
        assertEquals("{\"Err\":\"\"}", call("Create", "{\"Name\":\"w\",\"Opts\":null}\n"));
        assertEquals(
                "{\"Volume\":{\"Name\":\"v\",\"Mountpoint\":\"/mnt/v/data\",\"CreatedAt\":\"2026-11-22T12:26:36Z\","
                        + "\"Status\":{\"nested\":{\"a\":1,\"b\":[\"x\",true]},\"size\":5}},\"Err\":\"\"}",
                call("Get", "{\"Name\":\"v\"}\n"));
        assertEquals("{\"Mountpoint\":\"/mnt/v/data\",\"Err\":\"\"}", call("Path", "{\"Name\":\"v\"}\n"));
        assertEquals(
                "{\"Mountpoint\":\"/mnt/v/data\",\"Err\":\"\"}", call("Mount", "{\"Name\":\"v\",\"ID\":\"1f\"}\n"));
        assertEquals(Map.of("v 1f", 1), volumes.holders);
        assertEquals("{\"Err\":\"\"}", call("Unmount", "{\"Name\":\"v\",\"ID\":\"1f\"}\n"));
        assertEquals(Map.of(), volumes.holders);
        assertEquals(
                "{\"Volumes\":[{\"Name\":\"v\",\"Mountpoint\":\"/mnt/v/data\",\"CreatedAt\":\"2026-11-22T12:26:36Z\"},"
                        + "{\"Name\":\"w\",\"Mountpoint\":\"/mnt/w/data\",\"CreatedAt\":\"2026-11-22T12:26:36Z\"}],"
                        + "\"Err\":\"\"}",
                call("List", "{}\n"));
        assertEquals("{\"Err\":\"\"}", call("Remove", "{\"Name\":\"w\"}\n"));
        assertEquals("{\"Err\":\"no such volume: w\"}", call("Remove", "{\"Name\":\"w\"}\n"));
        assertEquals(1, server.stats().connectionsTotal());
    }

    @Test
    void fields_ofALaterDocker_areSkipped() throws Exception {
        assertEquals(
                "{\"Err\":\"\"}",
                call("Create", "{\"New\":{\"a\":[1,{}]},\"Name\":\"v\",\"Labels\":null,\"Opts\":{},\"More\":1e9}"));
    }

    @Test
    void errors_areSentences_withStatus200() throws Exception {
        String refused = call("Create", "{\"Name\":\"v\",\"Opts\":{\"sise\":\"1G\"}}");
        assertEquals("{\"Err\":\"unknown option \\\"sise\\\"; did you mean size?\"}", refused);
        List<String> bodies = List.of(
                "",
                "{}",
                "null",
                "[]",
                "5",
                "{\"Name\":5}",
                "{\"Name\":\"\"}",
                "{\"Name\":\"v\"",
                "{\"Name\":\"v\"} {\"Name\":\"v\"}",
                "{\"Name\":\"v\",\"Name\":\"w\"}",
                "{\"Name\":\"v\",\"Opts\":[]}",
                "{\"Name\":\"v\",\"Opts\":{\"size\":5}}",
                "{\"Name\":\"v\",\"Opts\":{\"size\":{}}}",
                "{\"Name\":\"\ud800\"",
                "\u0000",
                "[".repeat(10_000),
                "{\"Name\":\"" + "x".repeat(40_000) + "\"}",
                "{\"Name\":\"v\",\"Opts\":{\"x\":\"" + "x".repeat(70_000) + "\"}}");
        for (String body : bodies) {
            String answer = call("Create", body);
            assertTrue(answer.startsWith("{\"Err\":\"") && answer.length() > 15, body + " -> " + answer);
        }
        assertEquals(Map.of(), volumes.volumes);
        assertTrue(call("Mount", "{\"Name\":\"v\"}").contains("no mount id"));
    }

    @Test
    void requests_thatAreNoCalls_areRefused() throws Exception {
        assertEquals(404, engine.call("/VolumeDriver.Destroy", "{}").status());
        assertEquals(404, engine.call("/", "{}").status());
        assertEquals(2, plugin.stats().malformed());
        assertEquals(0, plugin.stats().calls().get("Get").count());
    }

    @Test
    void calls_areCounted() throws Exception {
        String _ = call("Get", "{\"Name\":\"v\"}");
        String _ = call("Create", "{\"Name\":\"v\"}");
        PluginStats.Call get = plugin.stats().calls().get("Get");
        assertEquals(1, get.count());
        assertEquals(1, get.errors());
        assertTrue(get.nanos() > 0);
        assertEquals(0, plugin.stats().calls().get("Create").errors());
    }

    @Test
    void mount_whoseClientHasGone_isUndone() throws Exception {
        String _ = call("Create", "{\"Name\":\"v\"}");
        volumes.mountMayEnd = new CountDownLatch(1);
        try (Engine impatient = new Engine(socket())) {
            impatient.send("/VolumeDriver.Mount", "{\"Name\":\"v\",\"ID\":\"1f\"}".getBytes(UTF_8));
            assertTrue(volumes.mountBegun.await(10, TimeUnit.SECONDS));
        }
        eventually("the end of the connection is seen", () -> server.stats().connections() == 1);
        volumes.mountMayEnd.countDown();
        eventually("the mount is undone", () -> plugin.stats().undone() == 1);
        eventually("no holder is left", volumes.holders::isEmpty);
        assertEquals("{\"Mountpoint\":\"/mnt/v/data\",\"Err\":\"\"}", call("Mount", "{\"Name\":\"v\",\"ID\":\"2f\"}"));
        assertEquals(Map.of("v 2f", 1), volumes.holders);
    }

    @Test
    void mount_whoseClientWaits_isKept() throws Exception {
        String _ = call("Create", "{\"Name\":\"v\"}");
        volumes.mountMayEnd = new CountDownLatch(1);
        try (Engine patient = new Engine(socket())) {
            patient.send("/VolumeDriver.Mount", "{\"Name\":\"v\",\"ID\":\"1f\"}".getBytes(UTF_8));
            assertTrue(volumes.mountBegun.await(10, TimeUnit.SECONDS));
            volumes.mountMayEnd.countDown();
            assertEquals(200, patient.answer().status());
        }
        assertEquals(Map.of("v 1f", 1), volumes.holders);
        assertEquals(0, plugin.stats().undone());
    }

    @Test
    void get_isAnsweredInWellUnderAMillisecond() throws Exception {
        String _ = call("Create", "{\"Name\":\"v\"}");
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            long begun = System.nanoTime();
            assertFalse(call("Get", "{\"Name\":\"v\"}").isEmpty());
            nanos.add(System.nanoTime() - begun);
        }
        List<Long> warm = nanos.subList(3_000, 6_000).stream().sorted().toList();
        long median = warm.get(warm.size() / 2) / 1000;
        long p99 = warm.get(warm.size() * 99 / 100) / 1000;
        System.out.println("Get over the socket: median " + median + " us, p99 " + p99 + " us");
        // The bar is 1 ms at p99 on a quiet machine (see docs/benchmarks.md); here others may be running.
        assertTrue(median < 1_000, "median " + median + " us");
    }
}
