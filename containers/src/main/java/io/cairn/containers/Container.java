package io.cairn.containers;

import java.util.List;

/**
 * A container as the Engine knows it. {@code addresses} are those at which this machine may reach it, best first, none
 * for one without a network.
 *
 * @param image the name that it was made from
 */
public record Container(String id, String name, String image, State state, Health health, List<String> addresses) {
    public Container {
        addresses = List.copyOf(addresses);
    }

    /** What it does. */
    public enum State {
        RUNNING,
        PAUSED,
        STOPPED
    }

    /** What its own check says of it; {@code UNCHECKED} for one that has none. */
    public enum Health {
        UNCHECKED,
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    public boolean running() {
        return state == State.RUNNING;
    }
}
