package io.cairn.docker;

import java.time.Duration;
import java.util.Optional;

/**
 * The calls of the protocol, each with its target and with how long it may keep Docker waiting. Docker itself gives up
 * Create and Mount after 120 s and the others after 60 s, and never asks again: an answer must be there before.
 */
enum CallKind {
    ACTIVATE("/Plugin.Activate", "Activate", Limit.USUAL),
    CAPABILITIES("/VolumeDriver.Capabilities", "Capabilities", Limit.USUAL),
    CREATE("/VolumeDriver.Create", "Create", Limit.LONG),
    REMOVE("/VolumeDriver.Remove", "Remove", Limit.USUAL),
    MOUNT("/VolumeDriver.Mount", "Mount", Limit.LONG),
    UNMOUNT("/VolumeDriver.Unmount", "Unmount", Limit.USUAL),
    PATH("/VolumeDriver.Path", "Path", Limit.USUAL),
    GET("/VolumeDriver.Get", "Get", Limit.USUAL),
    LIST("/VolumeDriver.List", "List", Limit.USUAL);

    private static final class Limit {
        static final Duration LONG = Duration.ofSeconds(110);
        static final Duration USUAL = Duration.ofSeconds(55);
    }

    private final String target;
    private final String word;
    private final Duration patience;

    CallKind(String target, String word, Duration patience) {
        this.target = target;
        this.word = word;
        this.patience = patience;
    }

    static Optional<CallKind> at(String target) {
        for (CallKind kind : values()) {
            if (kind.target.equals(target)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** As Docker names it. */
    String word() {
        return word;
    }

    /** Whether the call changes volumes, and so may take long. */
    boolean changes() {
        return switch (this) {
            case CREATE, REMOVE, MOUNT, UNMOUNT -> true;
            case ACTIVATE, CAPABILITIES, PATH, GET, LIST -> false;
        };
    }

    /** How long the answer may take. */
    Duration patience() {
        return patience;
    }
}
