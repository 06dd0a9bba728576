package io.cairn.erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ErasureSchemeTest {
    @ParameterizedTest
    @ValueSource(strings = {"4+2", "1+0", "16+8", "8+4"})
    void parse_ofAFormattedScheme_givesItBack(String text) {
        assertEquals(text, ErasureScheme.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "4+", "+2", "4 + 2", "0+2", "17+2", "4+9", "-4+2", "4+2+1", "100+2", "4-2"})
    void parse_ofAnythingElse_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ErasureScheme.parse(text));
    }

    @Test
    void shards_areDataAndParity() {
        assertEquals(6, new ErasureScheme(4, 2).shards());
    }
}
