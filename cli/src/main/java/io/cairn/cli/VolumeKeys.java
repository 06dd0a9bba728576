package io.cairn.cli;

import io.cairn.volumes.KeyRotation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn volume key …}: the keys of encrypted volumes and the master key that wraps them. */
@Command(
        name = "key",
        description = "Rotates the keys of volumes and the master key; exports the master key for escrow.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class VolumeKeys {
    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(
            name = "rotate",
            description = {
                "Gives volumes a new key, or with --master all of them a new wrapping by a new master key.",
                "No data is encrypted again; see `cairn volume reencrypt` for that."
            },
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin ControlClient client,
            @Parameters(paramLabel = "VOLUME", arity = "0..*") List<String> names,
            @Option(names = "--master", description = "The master key") boolean master) {
        List<String> volumes = names == null ? List.of() : names;
        if (master == !volumes.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name volumes, or give --master");
        }
        Map<String, KeyRotation> rotated = new LinkedHashMap<>();
        int status = 0;
        if (master) {
            rotated.put("master key", client.call("POST", "keys/rotate", Map.of(), KeyRotation.class));
        } else {
            status = Each.of(
                    spec,
                    volumes,
                    name -> rotated.put(
                            name,
                            client.call(
                                    "POST",
                                    "volumes/" + ControlClient.part(name) + "/rotate-key",
                                    Map.of(),
                                    KeyRotation.class)));
        }
        if (client.json()) {
            out().println(AdminClient.pretty(rotated));
        } else {
            rotated.forEach((name, rotation) -> print(name, rotation));
        }
        return status;
    }

    private void print(String name, KeyRotation rotation) {
        out().println(name + ": rotated, " + rotation.rotated() + " containers changed");
        rotation.remarks().forEach(remark -> out().println("  " + remark));
    }

    @Command(
            name = "export",
            description = {
                "Writes the master key to a new file that only you can read, for safe keeping elsewhere.",
                "Whoever has that file and the disks can read every encrypted volume."
            },
            mixinStandardHelpOptions = true)
    int export(@Mixin ControlClient client, @Parameters(paramLabel = "FILE") Path file) {
        byte[] ring = client.bytes("POST", "keys/export");
        try {
            write(file, ring);
        } catch (FileAlreadyExistsException there) {
            throw new CommandFault(file + " is there already; name a new file", there);
        } catch (IOException fault) {
            throw new CommandFault("cannot write " + file + ": " + fault, fault);
        } finally {
            Arrays.fill(ring, (byte) 0);
        }
        List<String> next = new ArrayList<>(List.of("the master key is in " + file + ", readable by you only;"));
        next.add("keep it away from the disks of the volumes: offline, or in a vault");
        out().println(client.json() ? AdminClient.pretty(Map.of("file", file.toString())) : String.join("\n", next));
        return 0;
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
