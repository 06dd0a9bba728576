package io.cairn.backup.command;

import io.cairn.backup.SourceFault;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line taken apart into words, as a shell does with quotes and backslashes and nothing else: no variables, no
 * patterns, no pipes. Stateless.
 */
public final class CommandWords {
    private CommandWords() {}

    /** At least one word. */
    public static List<String> parse(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                inWord = true;
            } else if (quote != 0 ? c == quote : c == '\'' || c == '"') {
                quote = quote == 0 ? c : 0;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new SourceFault.Refused("a command has a quote " + quote + " that does not end");
        }
        if (inWord) {
            words.add(word.toString());
        }
        if (words.isEmpty() || words.getFirst().isEmpty()) {
            throw new SourceFault.Refused("a command needs a program: command:PROGRAM ARGUMENT…");
        }
        return List.copyOf(words);
    }
}
