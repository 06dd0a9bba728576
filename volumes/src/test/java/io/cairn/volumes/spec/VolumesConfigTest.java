package io.cairn.volumes.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VolumesConfigTest {
    private static final VolumesConfig SHIPPED = VolumesConfig.shipped(Path.of("/pool"));

    private static VolumesConfig parse(String text) {
        return ConfigFile.parse(text, "cairn.toml", SHIPPED);
    }

    @Test
    void shipped_classes_areThere() {
        assertEquals(
                List.of("hot", "warm", "cold", "database", "wal", "media", "scratch"),
                List.copyOf(SHIPPED.classes().keySet()));
    }

    @Test
    void file_changesAndAdds() {
        VolumesConfig config = parse("""
                [volumes]
                default-class = "ours"
                container-groups = ["apps.slice", "/lab/one"]
                [pool.fast]
                directory = "/mnt/fast"
                overcommit = 1.5
                ballast = "64MiB"
                [class.database]
                pool = "fast"
                encrypted = true
                iops = 2000
                [class.ours]
                size = "1G"
                fs = "xfs"
                thick = true
                """);
        assertEquals("ours", config.classDefault());
        assertEquals(List.of("apps.slice", "lab/one"), config.containerGroups());
        assertEquals(
                new PoolSettings("fast", Path.of("/mnt/fast"), 1.5, ByteCount.mebibytes(64)),
                config.pools().get("fast"));
        StorageClass database = config.named("database");
        assertTrue(database.encrypted());
        assertEquals(OptionalLong.of(2000), database.limits().writeIops());
        assertEquals(Profile.DATABASE, database.profile());
        assertEquals(FilesystemKind.XFS, config.named("ours").filesystem());
        assertTrue(config.named("ours").thick());
    }

    @Test
    void file_empty_isAsShipped() {
        assertEquals(SHIPPED, parse(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[volume]|did you mean 'volumes'",
                "[class.a]\\nsiez = \"1G\"|did you mean 'size'",
                "[class.a]\\nfs = \"ext5\"|did you mean 'ext4'",
                "[class.a]\\npool = \"fats\"|unknown pool",
                "[class.a]\\nsize = \"-1\"|not a size",
                "[class.a]\\nsize = [1]|one value",
                "[class.\"a b\"]\\nsize = \"1G\"|not the name",
                "[pool.fast]\\novercommit = 1.0|absolute path",
                "[pool.fast]\\ndirectory = \"/a\"\\novercommit = \"x\"|number",
                "[pool.fast]\\ndirectory = \"/a\"\\novercommit = 0.0|above 0",
                "[pool]\\nx = 1|holds tables",
                "pool = 1|is a table",
                "[volumes]\\ndefault-class = \"hott\"|did you mean 'hot'",
                "[volumes]\\ncontainer-groups = \"apps.slice\"|is a list",
                "[volumes]\\ncontainer-groups = [\"a/../..\"]|no path of a control group",
                "[volumes]\\ncontainer-groups = [\"\"]|no path of a control group",
                "[[[|cairn.toml",
            })
    void file_thatCannotBe_isRefusedWithPlaceAndReason(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> parse(text.replace("\\n", "\n")))
                .getMessage();
        assertTrue(message.startsWith("cairn.toml: ") && message.contains(reason), message);
    }

    @Test
    void file_missing_isRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> VolumesConfig.read(Path.of("/nonexistent/cairn.toml"), Path.of("/pool")));
    }
}
