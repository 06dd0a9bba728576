package io.cairn.backup.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided without a server. */
final class DumpSourceTest {
    private static final String SECRET = "never-to-be-seen";
    private static final DumpUrl URL = DumpUrl.of(URI.create("postgres-dump://me@db1/shop"));

    /** A program that printed this and ended so. */
    private record Said(InputStream out, String errors, int status) implements Program {
        Said(String printed, String errors, int status) {
            this(new ByteArrayInputStream(printed.getBytes(StandardCharsets.UTF_8)), errors, status);
        }

        @Override
        public void close() {
            // It has ended.
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres-dump://db1/shop,shop@db1:5432,shop.dump",
        "postgres-dump://me@db1:6000/shop,shop@db1:6000,shop.dump",
        "postgres-dump://me@localhost/shop?host=/run/postgresql,shop@-run-postgresql:5432,shop.dump",
        "postgres-dump://localhost/my%20shop?container=db&password-file=/x,my-shop@db,my-shop.dump"
    })
    void name_ofASource_saysWhichDatabaseWhere(String url, String place, String file) {
        assertEquals(
                place,
                DumpSource.open(URI.create(url), Optional::empty, Clock.system())
                        .name()
                        .place());
        assertEquals(file, DumpUrl.of(URI.create(url)).fileName());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres-dump://me:" + SECRET + "@db1/shop",
                "postgres-dump://db1",
                "postgres-dump://db1/a/b",
                "postgres-dump://db1/shop?nothing=1",
                "postgres-dump://db1/shop?lock-wait=soon",
                "postgres://db1/shop",
                "postgres-dump://db1/host=elsewhere"
            })
    void url_thatIsWrong_isRefusedWithoutSayingItsSecret(String url) {
        SourceFault fault = assertThrows(SourceFault.Refused.class, () -> DumpUrl.of(URI.create(url)));
        assertFalse(fault.toString().contains(SECRET), fault::toString);
    }

    @Test
    void programs_areOfTheServersVersionOrTheNextNewer() {
        TreeMap<Integer, Path> installed =
                new TreeMap<>(Map.of(13, Path.of("13"), 15, Path.of("15"), 17, Path.of("17")));
        assertEquals(15, LocalPrograms.fitting(installed, 15).orElseThrow().getKey());
        assertEquals(15, LocalPrograms.fitting(installed, 14).orElseThrow().getKey());
        assertEquals(Optional.empty(), LocalPrograms.fitting(installed, 18));
    }

    @Test
    void end_ofAProgramThatFailed_isAFault() {
        DumpStream good = new DumpStream(URL, "pg_dump", new Said("all of it", "", 0), Optional.empty());
        assertEquals(9, good.read(new byte[100], 0, 100));
        assertEquals(-1, good.read());
        assertEquals(-1, good.read(), "the end stays the end");
        assertEquals(9, good.size());
        DumpStream bad = new DumpStream(
                URL,
                "pg_dump",
                new Said("all of it", "pg_dump: error: server closed the connection", 1),
                Optional.empty());
        byte[] target = new byte[100];
        assertEquals(9, bad.read(target, 0, 100));
        assertThrows(SourceFault.Unreachable.class, () -> bad.read(target, 0, 100));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|FATAL:  password authentication failed for user \"me\"|password-file",
                "1|ERROR:  permission denied for table orders|GRANT pg_read_all_data",
                "1|ERROR:  permission denied for large object 16398|LARGE OBJECT",
                "1|aborting because of server version mismatch|install postgresql-client",
                "1|FATAL:  database \"shop\" does not exist|name of the database",
                "1|canceling statement due to statement timeout Query was: LOCK TABLE public.a|lock-wait",
                "1|could not connect to server: Connection refused|check that the server runs",
                "127||the container has no pg_dump"
            })
    void complaint_ofAProgram_isASentenceThatSaysWhatToDo(int status, String said, String expected) {
        SourceFault fault = Complaint.of(URL, "pg_dump", status, said == null ? "" : said);
        assertTrue(String.valueOf(fault.getMessage()).contains(expected), fault::getMessage);
    }

    private static byte[] archive(int minor) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("PGDMP".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {1, (byte) minor, 0, 4, 8, 1});
        out.writeBytes(minor >= 15 ? new byte[] {0} : new byte[] {1, 1, 0, 0, 0});
        out.writeBytes(new byte[7 * 5]);
        for (String text : new String[] {"shop", "15.18", "16.2"}) {
            out.writeBytes(new byte[] {0, (byte) text.length(), 0, 0, 0});
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 13, 0, 0, 0, 99, 99});
        return out.toByteArray();
    }

    @Test
    void head_ofAnArchive_saysWhatItIs() {
        for (int minor : new int[] {14, 16}) {
            DumpHeader header = DumpHeader.of(archive(minor));
            assertEquals(new DumpHeader("1." + minor + ".0", "shop", "15.18", "16.2", 13), header);
        }
        byte[] whole = archive(14);
        for (int i = 0; i < whole.length - 2; i++) {
            byte[] cut = Arrays.copyOf(whole, i);
            SourceFault fault = assertThrows(SourceFault.class, () -> DumpHeader.of(cut), "cut at " + i);
            assertInstanceOf(SourceFault.Damaged.class, fault);
        }
        assertThrows(SourceFault.Refused.class, () -> DumpHeader.of(archive(9)));
    }
}
