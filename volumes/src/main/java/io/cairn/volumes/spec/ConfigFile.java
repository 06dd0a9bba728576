package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * The configuration file, in TOML: a table {@code [volumes]}, tables {@code [pool.NAME]} and {@code [class.NAME]}, and
 * {@code [keys]}. A class that is shipped is changed by its keys, another is made from a plain one. Unknown keys are
 * refused. Stateless.
 */
final class ConfigFile {
    private static final int SIZE_MAX = 1 << 20;
    private static final Set<String> TABLES = Set.of("volumes", "pool", "class", "keys");
    private static final Set<String> GENERAL = Set.of("default-class", "mounts", "container-groups");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_.@:-]+(/[A-Za-z0-9_.@:-]+)*");
    private static final Set<String> POOL = Set.of("directory", "overcommit", "ballast");

    private ConfigFile() {}

    static VolumesConfig read(Path file, VolumesConfig base) {
        try {
            if (Files.size(file) > SIZE_MAX) {
                throw new IllegalArgumentException(file + " is larger than a configuration may be (1 MiB)");
            }
            return parse(Files.readString(file), file.toString(), base);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot read the configuration " + file + ": " + unreadable, unreadable);
        }
    }

    static VolumesConfig parse(String text, String source, VolumesConfig base) {
        try {
            JsonNode root = TomlMapper.builder().build().readTree(text);
            return config(root, base);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException(source + ": " + malformed.getOriginalMessage(), malformed);
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(source + ": " + refused.getMessage(), refused);
        }
    }

    private static VolumesConfig config(JsonNode root, VolumesConfig base) {
        known("the file", root, TABLES);
        var pools = new LinkedHashMap<>(base.pools());
        table(root, "pool").forEach((name, keys) -> pools.put(name, pool(name, keys, pools.get(name))));
        String classDefault = base.classDefault();
        Optional<Path> mounts = base.mounts();
        List<String> groups = base.containerGroups();
        JsonNode general = root.path("volumes");
        if (!general.isMissingNode()) {
            known("[volumes]", general, GENERAL);
            classDefault = general.path("default-class").asString(classDefault);
            groups = general.has("container-groups") ? groups(general.path("container-groups")) : groups;
            if (general.has("mounts")) {
                mounts = Optional.of(
                        absolute("[volumes] mounts", general.path("mounts").asString()));
            }
        }
        var classes = new LinkedHashMap<>(base.classes());
        table(root, "class").forEach((name, keys) -> {
            StorageClass shipped = classes.get(name);
            StorageClass start = shipped == null ? StorageClass.plain(name, "hot", ByteCount.gibibytes(10)) : shipped;
            classes.put(name, ClassKey.apply(start, "[class." + name + "]", words("[class." + name + "]", keys)));
        });
        var keys = root.has("keys") ? words("[keys]", root.path("keys")) : base.keys();
        return new VolumesConfig(pools, classes, classDefault, mounts, groups, keys);
    }

    /** Docker's own spelling of {@code --cgroup-parent} is taken too: with a slash in front. */
    private static List<String> groups(JsonNode list) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("[volumes] container-groups is a list, such as [\"apps.slice\"]");
        }
        var groups = new ArrayList<String>();
        for (JsonNode each : list) {
            String group = each.asString().replaceFirst("^/", "");
            if (!GROUP.matcher(group).matches() || List.of(group.split("/")).contains("..")) {
                throw new IllegalArgumentException("[volumes] container-groups: " + Quoted.of(each.asString())
                        + " is no path of a control group; give it below the root, such as apps.slice");
            }
            groups.add(group);
        }
        return groups;
    }

    private static PoolSettings pool(String name, JsonNode keys, @org.jspecify.annotations.Nullable PoolSettings old) {
        String place = "[pool." + name + "]";
        known(place, keys, POOL);
        String directory = keys.path("directory")
                .asString(old == null ? "" : old.directory().toString());
        Path path = absolute(place + " directory", directory);
        JsonNode overcommit = keys.path("overcommit");
        if (!overcommit.isMissingNode() && !overcommit.isNumber()) {
            throw new IllegalArgumentException(place + " overcommit is a number, such as 1.5");
        }
        return new PoolSettings(
                name,
                path,
                overcommit.asDouble(old == null ? PoolSettings.OVERCOMMIT_DEFAULT : old.overcommit()),
                keys.has("ballast")
                        ? Sizes.parse(keys.path("ballast").asString())
                        : old == null ? PoolSettings.BALLAST_DEFAULT : old.ballast());
    }

    private static Path absolute(String what, String text) {
        if (!ExistingPaths.absolute(text)) {
            throw new IllegalArgumentException(what + " is an absolute path without '..'");
        }
        return Path.of(text);
    }

    private static SequencedMap<String, String> words(String place, JsonNode keys) {
        if (!keys.isObject()) {
            throw new IllegalArgumentException(place + " is a table");
        }
        var words = new LinkedHashMap<String, String>();
        keys.properties().forEach(key -> {
            if (key.getValue().isContainer()) {
                throw new IllegalArgumentException(place + " " + key.getKey() + " is one value");
            }
            words.put(key.getKey(), key.getValue().asString());
        });
        return words;
    }

    private static Map<String, JsonNode> table(JsonNode root, String name) {
        JsonNode table = root.path(name);
        var rows = new LinkedHashMap<String, JsonNode>();
        if (!table.isMissingNode() && !table.isObject()) {
            throw new IllegalArgumentException(name + " is a table: [" + name + ".NAME]");
        }
        table.properties().forEach(row -> {
            if (!row.getValue().isObject()) {
                throw new IllegalArgumentException("[" + name + "] holds tables: [" + name + "." + row.getKey() + "]");
            }
            rows.put(row.getKey(), row.getValue());
        });
        return rows;
    }

    private static void known(String place, JsonNode table, Set<String> keys) {
        if (!table.isObject()) {
            throw new IllegalArgumentException(place + " is a table");
        }
        for (String key : table.propertyNames()) {
            if (!keys.contains(key)) {
                throw new IllegalArgumentException(place + " has the unknown key " + Quoted.of(key)
                        + Words.suggestion(key, keys) + "; known are "
                        + String.join(", ", keys.stream().sorted().toList()));
            }
        }
    }
}
