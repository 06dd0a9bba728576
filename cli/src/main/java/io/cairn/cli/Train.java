package io.cairn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The rehearsal that the JVM watches to make a start-up cache (JEP 514): does what a start does, then ends by itself.
 * Not for people. One thread.
 */
@Command(name = "train", hidden = true, description = "Rehearses a start for the JVM's start-up cache.")
final class Train implements Callable<Integer> {
    /** What the cache is for. */
    enum Shape {
        /** Short commands. */
        tool,
        /** Commands on backup repositories. */
        backup,
        /** The daemon. */
        server,
        /** The daemon without a store. */
        volumes,
        /** The daemon of three drives or more, whose Java runtime has the vector module. */
        drives
    }

    @Parameters(index = "0", description = "tool, backup, server, drives or volumes")
    private Shape shape = Shape.tool;

    @Parameters(index = "1", description = "a directory for the rehearsal's data, which may be deleted afterwards")
    private Path scratch = Path.of("");

    @Override
    public Integer call() throws IOException {
        return switch (shape) {
            case tool -> tool();
            case backup -> BackupRehearsal.run(scratch);
            case server, drives -> Rehearsal.live(scratch) ? 0 : 1;
            case volumes -> VolumesRehearsal.live(scratch) ? 0 : 1;
        };
    }

    private static int tool() {
        var out = new StringWriter();
        var line = Cairn.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        line.execute("--help");
        line.execute("--no-such-option");
        return out.toString().contains(Version.number()) ? 1 : 0;
    }
}
