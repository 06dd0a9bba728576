package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.SourceFault;
import io.cairn.base.Entropy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresConnectionTest {
    private static final String SECRET = "geheim-4711";

    private static PostgresConnection open(FakePostgres server) {
        return PostgresConnection.open(
                server.address(),
                () -> Optional.of(SECRET.getBytes(StandardCharsets.UTF_8)),
                "test",
                Entropy.seeded(1));
    }

    @Test
    void query_ofRows_givesTheirTexts() {
        try (var server = new FakePostgres(session -> {
                    session.welcome();
                    assertEquals("QIDENTIFY_SYSTEM\0", session.receive());
                    session.result(List.of("77", "1", "0/1"));
                    session.ready();
                    session.receive();
                });
                var connection = open(server)) {
            assertEquals(List.of(List.of("77", "1", "0/1")), connection.query("IDENTIFY_SYSTEM"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, right password",
        "28000, ALTER ROLE",
        "42501, REPLICATION",
        "53300, max_wal_senders",
        "53400, max_replication_slots",
        "57P03, wait",
        "55000, wal_level",
        "XX999, XX999"
    })
    void error_ofTheServer_saysWhatToDoNext(String code, String next) {
        try (var server = new FakePostgres(session -> {
            session.start();
            session.error(code, "it does not work");
        })) {
            SourceFault fault = assertThrows(SourceFault.class, () -> open(server));
            assertTrue(fault.getMessage().contains("it does not work"), fault.getMessage());
            assertTrue(fault.getMessage().contains(next), fault.getMessage());
            assertFalse(fault.toString().contains(SECRET));
        }
    }

    @Test
    void password_inTheClearWithoutTls_isRefused() {
        try (var server = new FakePostgres(session -> {
            session.start();
            session.request(3, new byte[0]);
            session.receive();
        })) {
            SourceFault fault = assertThrows(SourceFault.Refused.class, () -> open(server));
            assertTrue(fault.getMessage().contains("not encrypted"), fault.getMessage());
        }
    }

    @Test
    void md5_withSalt_isAnswered() {
        try (var server = new FakePostgres(session -> {
                    session.start();
                    session.request(5, new byte[] {1, 2, 3, 4});
                    String answer = session.receive();
                    if (answer.startsWith("pmd5") && !answer.contains(SECRET)) {
                        session.request(0, new byte[0]);
                        session.ready();
                        session.receive();
                    }
                });
                var connection = open(server)) {
            assertFalse(connection.isEncrypted());
        }
    }

    @Test
    void scram_endedWithoutTheServersProof_isRefused() {
        try (var server = new FakePostgres(session -> {
            session.start();
            session.request(10, "SCRAM-SHA-256\0\0".getBytes(StandardCharsets.UTF_8));
            session.receive();
            session.request(0, new byte[0]);
            session.ready();
        })) {
            SourceFault fault = assertThrows(SourceFault.Refused.class, () -> open(server));
            assertTrue(fault.getMessage().contains("without proving"), fault.getMessage());
        }
    }

    @Test
    void tls_requiredOfAServerWithoutIt_isRefused() {
        try (var server = new FakePostgres(FakePostgres.Session::start)) {
            PostgresAddress plain = server.address();
            var address = new PostgresAddress(
                    plain.host(),
                    plain.port(),
                    plain.user(),
                    plain.database(),
                    PostgresAddress.TlsMode.REQUIRE,
                    Optional.empty());
            SourceFault fault = assertThrows(
                    SourceFault.Refused.class,
                    () -> PostgresConnection.open(address, Optional::empty, "test", Entropy.seeded(1)));
            assertTrue(fault.getMessage().contains("ssl=on"), fault.getMessage());
        }
    }

    @Test
    void bytes_ofNoServer_endInAFaultAndNeverHang() {
        var random = new SplittableRandom(20261122);
        for (int round = 0; round < 60; round++) {
            byte[] noise = new byte[random.nextInt(1, 200)];
            random.nextBytes(noise);
            if (random.nextBoolean()) {
                noise[0] = (byte) "RESNZTDK".charAt(random.nextInt(8));
                for (int i = 1; i < Math.min(4, noise.length); i++) {
                    noise[i] = 0;
                }
            }
            try (var server = new FakePostgres(session -> {
                session.start();
                session.out.write(noise);
                session.out.flush();
            })) {
                SourceFault fault = assertThrows(SourceFault.class, () -> open(server));
                assertFalse(fault.toString().contains(SECRET));
            }
        }
    }
}
