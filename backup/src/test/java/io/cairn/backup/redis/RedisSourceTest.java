package io.cairn.backup.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.Cut;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.Actor;
import io.cairn.repository.Backup;
import io.cairn.repository.Progress;
import io.cairn.repository.Repository;
import io.cairn.repository.store.LocalDirectory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversation with a server, with one that says what we want. */
final class RedisSourceTest {
    private static final String MARK = "abcdefghijabcdefghijabcdefghijabcdefghij";
    private static final String SECRET = "never-to-be-seen";

    @TempDir
    Path root;

    private final FakeRedis server = new FakeRedis();
    private Repository repository;

    @BeforeEach
    void create() {
        repository = Repository.create(
                new LocalDirectory(root, Entropy.secure()),
                "word".getBytes(StandardCharsets.UTF_8),
                Actor.thisProcess(Clock.system(), Entropy.secure()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Cut take(String url) {
        return take(url, Optional.empty());
    }

    private Cut take(String url, Optional<String> password) {
        try (RedisSource source = RedisSource.open(URI.create(url), () -> password, Clock.system())) {
            AtomicReference<Cut> cut = new AtomicReference<>();
            var _ = new Backup(repository, Progress.NONE, List.of(), Optional.empty())
                    .tree(source.name().paths(), tree -> cut.set(source.store(tree)));
            return cut.get();
        }
    }

    @Test
    void copy_inEitherFrame_isTheSame() {
        byte[] rdb = SampleRdb.of(2000);
        server.copy("\n\n\n$EOF:" + MARK + "\r\n", rdb, MARK);
        Map<String, String> marked = take(server.url()).facts();
        server.copy("\n$" + rdb.length + "\r\n", rdb, "*1\r\n$4\r\nPING\r\n");
        Map<String, String> counted = take(server.url()).facts();
        assertEquals("from memory", marked.get("sent"));
        assertTrue(counted.get("sent").contains("repl-diskless-sync no"), counted::toString);
        for (Map<String, String> facts : List.of(marked, counted)) {
            assertEquals("2003", facts.get("keys"));
            assertEquals("42", facts.get("offset"));
            assertEquals(String.valueOf(rdb.length), facts.get("bytes"));
        }
        assertTrue(server.asked().contains("REPLCONF rdb-only 1"), server.asked()::toString);
    }

    @Test
    void copy_brokenOffInEitherFrame_leavesNoSnapshot() {
        byte[] rdb = SampleRdb.of(50);
        server.copy("$EOF:" + MARK + "\r\n", rdb, MARK.substring(1));
        assertThrows(SourceFault.Unreachable.class, () -> take(server.url()));
        server.copy("$" + (rdb.length + 1) + "\r\n", rdb, "");
        assertThrows(SourceFault.Unreachable.class, () -> take(server.url()));
        rdb[30] ^= 1;
        server.copy("$" + rdb.length + "\r\n", rdb, "");
        assertThrows(SourceFault.Damaged.class, () -> take(server.url()));
        assertEquals(List.of(), repository.snapshots());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOAUTH Authentication required.|wants a password",
                "NOPERM this user has no permissions to run the 'psync' command|ACL SETUSER <user> on +psync",
                "LOADING Redis is loading the dataset in memory|still loading",
                "NOMASTERLINK Can't SYNC while not connected with my master|lost its master",
                "MASTERDOWN Link with MASTER is down|lost its master",
                "DENIED Redis is running in protected mode|protected mode",
                "ERR unknown command 'PSYNC', with args beginning with: '?'|was renamed or disabled",
                "ERR max number of clients reached|raise maxclients",
                "ERR something new|refused PSYNC (ERR something new)"
            })
    void error_ofTheServer_isASentenceThatSaysWhatToDo(String error, String expected) {
        server.answer("PSYNC", "-" + error + "\r\n");
        SourceFault fault = assertThrows(SourceFault.class, () -> take(server.url()));
        assertTrue(String.valueOf(fault.getMessage()).contains(expected), fault::getMessage);
        assertTrue(String.valueOf(fault.getMessage()).contains(server.address().toString()), fault::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-WRONGPASS invalid username-password pair or user is disabled.",
                "-ERR unknown command 'AUTH', with args beginning with: '" + SECRET + "'",
                "-ERR AUTH <password> called without any password configured for the default user.",
                "-ERR " + SECRET
            })
    void password_thatIsRefused_isNowhere(String answer) {
        server.answer("AUTH", answer + "\r\n");
        SourceFault fault = assertThrows(SourceFault.Refused.class, () -> take(server.url(), Optional.of(SECRET)));
        for (Throwable at = fault; at != null; at = at.getCause()) {
            assertFalse(String.valueOf(at.getMessage()).contains(SECRET), at.toString());
        }
    }

    @Test
    void url_withAPassword_isRefusedWithoutSayingIt() {
        SourceFault fault =
                assertThrows(SourceFault.Refused.class, () -> take("redis://user:" + SECRET + "@localhost:6379"));
        assertFalse(fault.toString().contains(SECRET));
        assertTrue(fault.toString().contains("password-file"), fault::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "redis://cache,cache:6379",
        "rediss://me@cache:7000,cache:7000",
        "redis://[::1]:7000,[::1]:7000",
        "redis+unix:///run/redis.sock,-run-redis.sock",
        "redis://cache?container=shop-cache&password-file=x,shop-cache"
    })
    void name_ofASource_isWhereItIs(String url, String place) {
        String expected = place.replaceAll("[\\[\\]]", "-").replaceFirst("^-", "");
        assertEquals(
                expected,
                RedisSource.open(URI.create(url), Optional::empty, Clock.system())
                        .name()
                        .place());
    }

    @Test
    void candidates_areHealthyAndTheNearestFirst() {
        Map<String, String> replication = RedisInfo.fields("""
                slave0:ip=10.0.0.1,port=6379,state=online,offset=100,lag=0
                slave1:ip=10.0.0.2,port=6379,state=online,offset=120,lag=1
                slave2:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=200,lag=0
                slave3:ip=10.0.0.4,port=6379,state=online,offset=300,lag=900
                """);
        assertEquals(
                List.of(RedisAddress.of("10.0.0.2", 6379), RedisAddress.of("10.0.0.1", 6379)),
                Replicas.candidates(replication));
    }
}
