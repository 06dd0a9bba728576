package io.cairn.backup;

import io.cairn.containers.Container;
import io.cairn.containers.ContainerFault;
import io.cairn.containers.Engine;
import io.cairn.containers.Exec;
import io.cairn.containers.ExecStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A container that a source is in, as {@code ?container=NAME} names it, and {@code ?docker=PATH} the socket of its
 * Engine. Faults of the Engine become faults of the source. Safe for use by many threads.
 */
public final class InContainer {
    private final Engine engine;
    private final Container container;

    private InContainer(Engine engine, Container container) {
        this.engine = engine;
        this.container = container;
    }

    /** The running container that the options name; empty when they name none. */
    public static Optional<InContainer> of(Map<String, String> options) {
        return Optional.ofNullable(options.get("container"))
                .map(name -> asking(() -> {
                    Path socket = Optional.ofNullable(options.get("docker"))
                            .map(Path::of)
                            .orElse(Engine.SOCKET);
                    Engine engine = Engine.at(socket);
                    Container found = engine.inspect(name);
                    if (!found.running()) {
                        throw new SourceFault.Refused("the container " + name + " is "
                                + found.state().name().toLowerCase(java.util.Locale.ROOT)
                                + "; start it, or back up its volume instead");
                    }
                    return new InContainer(engine, found);
                }));
    }

    public String name() {
        return container.name();
    }

    /** Addresses at which this machine may reach it; none without a network. */
    public List<String> addresses() {
        return container.addresses();
    }

    /** Runs a program in it, without a terminal; the caller closes what it gets. */
    public ExecStream exec(Exec exec) {
        return asking(() -> engine.exec(container.id(), exec));
    }

    /** The exit status of a program whose output has been read to the end. */
    public static int status(ExecStream stream) {
        return asking(stream::status);
    }

    private static <T> T asking(Supplier<T> question) {
        try {
            return question.get();
        } catch (ContainerFault fault) {
            String message = String.valueOf(fault.getMessage());
            throw switch (fault) {
                case ContainerFault.Unreachable _ -> new SourceFault.Unreachable(message, fault);
                case ContainerFault.Missing _ ->
                    new SourceFault.Refused("Docker says: " + message + "; `docker ps` has the names");
                case ContainerFault.Refused _ -> new SourceFault.Refused("Docker says: " + message);
            };
        }
    }
}
