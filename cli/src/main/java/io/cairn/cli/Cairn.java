package io.cairn.cli;

import io.cairn.server.Preload;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code cairn}: one command line for the daemon and for everything that is asked of it. Stateless. */
@Command(
        name = "cairn",
        description = "The storage platform for containerised applications.",
        footer = "In a source tree, `./cairn package` makes a distribution of its own.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Start.class,
            Status.class,
            Drives.class,
            Users.class,
            VolumeCommand.class,
            RepositoryCommand.class,
            BackupCommand.class,
            SalvageCommand.class,
            Train.class
        })
final class Cairn {
    private Cairn() {}

    /** Ends the process with the status of the command: 0 done, 1 failed, 2 not understood. */
    public static void main(String[] args) {
        // Scripts ask for the version often; it needs no command model.
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            System.out.println(Version.line());
            return;
        }
        // The daemon starts without the model of every other command.
        if (args.length > 0 && args[0].equals("start")) {
            if (Start.mayHaveStore(args)) {
                Preload.begin();
            }
            System.exit(start().execute(Arrays.copyOfRange(args, 1, args.length)));
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return explained(new CommandLine(new Cairn()));
    }

    /** The daemon's command alone; it calls itself as it is called. */
    static CommandLine start() {
        return explained(new CommandLine(new Start()).setCommandName("cairn start"));
    }

    private static CommandLine explained(CommandLine line) {
        return line.setExecutionExceptionHandler(Cairn::explain);
    }

    /** A fault of a command is a sentence; anything else is a defect and shows where it comes from. */
    private static int explain(Exception fault, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (fault instanceof CommandFault) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + fault.getMessage());
            return 1;
        }
        throw fault;
    }
}
