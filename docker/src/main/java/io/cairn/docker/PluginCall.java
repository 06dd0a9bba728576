package io.cairn.docker;

import java.util.Map;

/** A call of Docker, decoded. Names are as Docker sent them: it does not check them, and nor does this. */
sealed interface PluginCall {
    record Activate() implements PluginCall {}

    record Capabilities() implements PluginCall {}

    record Create(String name, Map<String, String> options) implements PluginCall {
        public Create {
            options = Map.copyOf(options);
        }
    }

    record Remove(String name) implements PluginCall {}

    /** {@code id} stands for one mount of one start of a container; {@code docker cp} uses that of the container. */
    record Mount(String name, String id) implements PluginCall {}

    record Unmount(String name, String id) implements PluginCall {}

    record MountPath(String name) implements PluginCall {}

    record Get(String name) implements PluginCall {}

    record ListAll() implements PluginCall {}
}
