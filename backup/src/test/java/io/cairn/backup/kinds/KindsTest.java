package io.cairn.backup.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.backup.Part;
import io.cairn.base.Clock;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of the documentation, and what each opens. */
final class KindsTest {
    @ParameterizedTest
    @CsvSource({
        "redis://cache, redis cache:6379",
        "rediss://backup@cache:6380?ca=/nothing&replicas=never&password-file=/x, refused",
        "redis+unix:///run/redis/redis.sock, redis run-redis-redis.sock",
        "redis://localhost?container=shop-cache, redis shop-cache",
        "opensearch://backup@search?bucket=b&password-file=/x, opensearch search:9200",
        "elasticsearch://search:9201?repository=ours, elasticsearch search:9201",
        "postgres-dump://backup@db1/shop?password-file=/x, postgres-dump shop@db1:5432",
    })
    void word_ofTheDocumentation_opensItsSource(String word, String expected) {
        Kinds.Settings settings = Kinds.Settings.of(Map.of(), Clock.system());
        String opened;
        try (Part part = Kinds.with(settings).open(word)) {
            opened = part.name().toString();
        } catch (io.cairn.backup.SourceFault.Refused authoritiesCannotBeRead) {
            opened = "refused";
        }
        assertEquals(expected, opened);
    }
}
