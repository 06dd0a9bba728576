package io.cairn.volumes.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OptionsPageTest {
    /** On failure copy {@code volumes/target/volume-options.md} to {@code docs/}. */
    @Test
    void page_inTheDocs_isWhatTheTablesSay() throws IOException {
        String page = OptionsPage.render();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "volume-options.md"), page);
        assertEquals(
                page, Files.readString(Path.of(System.getProperty("cairn.root", ".."), "docs", "volume-options.md")));
    }
}
