package io.cairn.backup.command;

import io.cairn.backup.Cut;
import io.cairn.backup.Source;
import io.cairn.backup.SourceName;
import io.cairn.base.Clock;
import io.cairn.repository.TreeBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The output of a program, as the file {@code output}. Complete when the program ended with status 0 in its time; any
 * other end leaves no snapshot. The words of the command are not recorded, only the program: arguments may say more
 * than a catalogue should. One use, one thread.
 */
public final class CommandSource implements Source {
    /** Long enough for a large dump; short enough that a hanging one is noticed the same day. */
    public static final Duration TIMEOUT_DEFAULT = Duration.ofHours(6);

    private static final int PERMISSIONS = 0600;

    private final List<String> words;
    private final SourceName name;
    private final Duration timeout;
    private final Clock clock;

    /** @param name what to call it; empty for the program's own name */
    public CommandSource(List<String> words, String name, Duration timeout, Clock clock) {
        this.words = List.copyOf(words);
        String program = String.valueOf(Path.of(words.getFirst()).getFileName());
        this.name = SourceName.of("command", name.isEmpty() ? program : name);
        this.timeout = timeout;
        this.clock = clock;
    }

    @Override
    public SourceName name() {
        return name;
    }

    @Override
    public Cut store(TreeBuilder tree) {
        Instant begun = clock.now();
        try (Program program = Program.start(words, timeout)) {
            long size = tree.file(
                            name.path() + "/output",
                            TreeBuilder.Entry.at(begun, PERMISSIONS),
                            Optional.empty(),
                            -1,
                            program.output())
                    .size();
            program.finish();
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("program", String.valueOf(Path.of(words.getFirst()).getFileName()));
            facts.put("bytes", String.valueOf(size));
            return new Cut(begun, clock.now(), facts);
        }
    }

    @Override
    public void close() {}
}
