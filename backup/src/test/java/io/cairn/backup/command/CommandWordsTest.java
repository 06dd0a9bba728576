package io.cairn.backup.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.backup.SourceFault;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommandWordsTest {
    @Test
    void line_withQuotes_isTakenApartAsAShellDoes() {
        assertEquals(List.of("a", "b c", "d'e", "$F", "", "*"), CommandWords.parse("a 'b c' d\\'e \"$F\" '' *"));
    }

    @Test
    void line_withoutAWordOrAnEnd_isRefused() {
        for (String line : List.of("", "  ", "a 'b", "''")) {
            assertThrows(SourceFault.Refused.class, () -> CommandWords.parse(line), line);
        }
    }
}
