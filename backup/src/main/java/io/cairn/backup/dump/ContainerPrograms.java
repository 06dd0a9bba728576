package io.cairn.backup.dump;

import io.cairn.backup.InContainer;
import io.cairn.backup.SourceFault;
import io.cairn.containers.Exec;
import io.cairn.containers.ExecStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs in the server's own container, which are of its version. One thread. */
final class ContainerPrograms implements Programs {
    private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d{1,3})");

    private final InContainer container;
    private final List<String> server;
    private final Map<String, String> environment;

    private final int version;

    private ContainerPrograms(
            InContainer container, List<String> server, Map<String, String> environment, int version) {
        this.container = container;
        this.version = version;
        this.server = List.copyOf(server);
        this.environment = Map.copyOf(environment);
    }

    /** Empty for a container that has no {@code pg_dump}. */
    static Optional<ContainerPrograms> of(InContainer container, List<String> server, Map<String, String> environment) {
        try (ExecStream stream = container.exec(Exec.of(List.of("pg_dump", "--version")))) {
            String said = new String(stream.out().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(said);
            return InContainer.status(stream) == 0 && version.find()
                    ? Optional.of(
                            new ContainerPrograms(container, server, environment, Integer.parseInt(version.group(1))))
                    : Optional.empty();
        } catch (SourceFault.Refused _) {
            return Optional.empty();
        } catch (IOException broken) {
            throw new SourceFault.Unreachable(
                    "the container " + container.name() + " broke off (" + broken.getMessage() + ")", broken);
        }
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public Program start(String name, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(name);
        command.addAll(server);
        command.addAll(arguments);
        ExecStream stream = container.exec(new Exec(command, environment, Optional.empty()));
        return new Program() {
            @Override
            public InputStream out() {
                return stream.out();
            }

            @Override
            public String errors() {
                return stream.errors();
            }

            @Override
            public int status() {
                return InContainer.status(stream);
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }

    @Override
    public String place() {
        return "the container " + container.name();
    }
}
