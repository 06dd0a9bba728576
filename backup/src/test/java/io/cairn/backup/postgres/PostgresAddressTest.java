package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.backup.SourceFault;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class PostgresAddressTest {
    @Test
    void address_withoutMore_hasTheDefaults() {
        PostgresAddress address = PostgresAddress.parse(URI.create("postgres://db1"));
        assertEquals("postgres@db1:5432", address.toString());
        assertEquals("/postgres/db1:5432", address.name().path());
        assertEquals(PostgresAddress.TlsMode.PREFER, address.tls());
    }

    @Test
    void address_ofASocket_isLocal() {
        PostgresAddress address = PostgresAddress.parse(URI.create("postgres://anna@/?host=/run/postgresql"));
        assertEquals("/run/postgresql", address.host());
        assertEquals("/postgres/local:5432", address.name().path());
    }

    @Test
    void password_inTheAddress_isRefusedAndNotRepeated() {
        for (String word : new String[] {"postgres://anna:geheim@db1", "postgres://anna@db1?password=geheim"}) {
            SourceFault fault = assertThrows(SourceFault.Refused.class, () -> PostgresAddress.parse(URI.create(word)));
            assertFalse(fault.getMessage().contains("geheim"));
        }
    }

    @Test
    void address_thatIsNone_saysWhatIsAskedFor() {
        for (String word : new String[] {"postgres:///db", "postgres://db1:0", "postgres://db1?sslmode=maybe"}) {
            assertThrows(SourceFault.Refused.class, () -> PostgresAddress.parse(URI.create(word)), word);
        }
    }
}
