package io.cairn.backup.command;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The promise that an application goes on after a copy, however this process ends. A guard process waits at the end of
 * a pipe: when we say that the thaw is done it goes, and when the pipe breaks, because we were killed, it runs the
 * command itself. It outlives the signals that end us, but not a power cut. One thread.
 */
final class Thaw implements AutoCloseable {
    private static final int TRIES = 3;
    static final String GUARD = "trap '' INT TERM HUP; read -r done || exec \"$@\"";

    private final Hooks hooks;
    private final Process guard;

    private Thaw(Hooks hooks, Process guard) {
        this.hooks = hooks;
        this.guard = guard;
    }

    /** Sets the guard up, before anything is brought to rest. */
    static Thaw promise(Hooks hooks) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", GUARD, "cairn-thaw"));
        words.addAll(hooks.after());
        try {
            Process guard = new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Thaw(hooks, guard);
        } catch (IOException failed) {
            throw new SourceFault.Refused("the thaw cannot be promised, because no shell can be started to watch over"
                    + " it; so nothing was brought to rest");
        }
    }

    /** Lets the application go on, now. When it fails the guard tries once more, and the fault says that. */
    @Override
    public void close() {
        SourceFault failure = new SourceFault.Unreachable("it was not tried");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try (Program program = Program.start(hooks.after(), hooks.timeout())) {
                program.output().transferTo(java.io.OutputStream.nullOutputStream());
                program.finish();
                dismiss();
                return;
            } catch (SourceFault fault) {
                failure = fault;
            } catch (IOException broken) {
                failure = new SourceFault.Unreachable("the thaw's output broke", broken);
            }
        }
        try {
            guard.getOutputStream().close();
        } catch (IOException gone) {
            failure.addSuppressed(gone);
        }
        throw new SourceFault.Unreachable(
                "the thaw failed " + TRIES + " times: the application may still be at rest, see to it; "
                        + failure.getMessage(),
                failure);
    }

    private void dismiss() throws IOException {
        try (var pipe = guard.getOutputStream()) {
            pipe.write("done\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
