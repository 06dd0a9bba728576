package io.cairn.backup.files;

import io.cairn.backup.Cut;
import io.cairn.backup.Part;
import io.cairn.backup.SourceName;
import io.cairn.backup.Taken;
import io.cairn.base.Clock;
import io.cairn.repository.Backup;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;

/** The standard input, or another stream, as one file at the top of its snapshot. One use, one thread. */
public final class StreamPart implements Part {
    private final String name;
    private final InputStream in;
    private final Clock clock;

    public StreamPart(String name, InputStream in, Clock clock) {
        this.name = name;
        this.in = in;
        this.clock = clock;
    }

    @Override
    public SourceName name() {
        return SourceName.of("stdin", name);
    }

    @Override
    public Taken take(Backup backup) {
        Instant begun = clock.now();
        Backup.Result result = backup.stream(name, in);
        return new Taken(new Cut(begun, clock.now(), Map.of("name", name)), result);
    }
}
