package io.cairn.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/** One action on each of several things: a failure is said and does not keep the others from their turn. */
final class Each {
    private Each() {}

    /** The exit status: 0 when all went well. */
    static int of(CommandSpec spec, List<String> names, Consumer<String> action) {
        int status = 0;
        for (String name : names) {
            try {
                action.accept(name);
            } catch (CommandFault fault) {
                spec.commandLine().getErr().println(name + ": " + fault.getMessage());
                spec.commandLine().getErr().flush();
                status = 1;
            }
        }
        return status;
    }
}
