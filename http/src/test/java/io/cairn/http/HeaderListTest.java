package io.cairn.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderListTest {
    @Test
    void lookup_ignoresCaseAndKeepsRepeatsInOrder() {
        HeaderList headers = HeaderList.of("ETag", "1", "x-a", "2", "X-A", "3");
        assertEquals(List.of("2", "3"), headers.all("X-a"));
        assertEquals("1", headers.first("etag").orElseThrow());
        assertEquals(List.of(), headers.all("none"));
        assertEquals(3, headers.size());
        assertEquals("[ETag, x-a, X-A]", headers.toString());
    }

    @Test
    void add_ofWhatCouldSplitAResponse_isRefused() {
        for (String value : new String[] {"a\r\nSet-Cookie: x", "a\nb", "a\0", "\u0100"}) {
            assertThrows(IllegalArgumentException.class, () -> HeaderList.of("X", value));
        }
        for (String name : new String[] {"", "a b", "a:", "a\r\n", "\u00e9", "\u0141"}) {
            assertThrows(IllegalArgumentException.class, () -> HeaderList.of(name, "x"));
        }
        assertThrows(IllegalArgumentException.class, () -> HeaderList.of("X"));
    }

    @Test
    void add_ofEveryByteAboveControl_isKept() {
        assertEquals("\t \u00e9\u00ff", HeaderList.of("X", "\t \u00e9\u00ff").value(0));
    }
}
