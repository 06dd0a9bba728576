package io.cairn.volumes.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeyFileTest extends RingFileContract {
    private static final ManualClock CLOCK = new ManualClock(Instant.parse("2026-11-22T15:08:00.123Z"));

    @Override
    KeyProvider provider() {
        return new KeySource.KeyFile(file).open(CLOCK, ENTROPY);
    }

    @Test
    void file_asWritten_isThatOfTheFormatPage() throws IOException {
        provider().wrap(VOLUME, key(), Set.of());
        provider().rotate();
        String text = Files.readString(file, UTF_8);
        String made = "2026-11-22T15:08:00Z";
        assertTrue(
                text.matches(("cairn-master-key 1\nid [0-9a-f-]{36}\nkey 1 %s [\\w-]{43}\nkey 2 %s [\\w-]{43}\n"
                                + "crc32c [0-9a-f]{8}\n")
                        .formatted(made, made)),
                text);
        String id = text.lines().skip(1).findFirst().orElseThrow().substring(3);
        assertEquals(id + "/2", provider().currentKeyId().orElseThrow());
        assertEquals("key file " + file, provider().describe());
    }
}
