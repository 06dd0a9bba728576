package io.cairn.backup.policy;

import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceSpec;
import io.cairn.backup.command.CommandSource;
import io.cairn.backup.command.Hooks;
import io.cairn.repository.Retention;
import io.cairn.volumes.spec.Quoted;
import io.cairn.volumes.spec.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A policy as a file in TOML, whose name is the policy's. Unknown keys are refused with the nearest known one; messages
 * name the file and the key. Stateless.
 */
public final class PolicyFile {
    private static final int SIZE_MAX = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Set<String> TOP = Set.of(
            "repository",
            "password-file",
            "password-command",
            "schedule",
            "time-zone",
            "jitter",
            "rpo",
            "rto",
            "recheck",
            "source",
            "keep",
            "escrow");
    private static final Set<String> SOURCE =
            Set.of("word", "command", "name", "timeout", "exclude", "before", "after", "hook-timeout");
    private static final Set<String> KEEP =
            Set.of("last", "hourly", "daily", "weekly", "monthly", "yearly", "within", "immutable", "tags");
    private static final Period WITHIN_DEFAULT = Period.ofDays(30);
    private static final int LAST_DEFAULT = 7;
    private static final Duration RECHECK_DEFAULT = Duration.ofDays(7);

    private PolicyFile() {}

    /**
     * All policies of a directory, by the names of its {@code .toml} files.
     *
     * @throws IllegalArgumentException when one cannot be read or understood
     */
    public static List<Policy> readAll(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".toml"))
                    .sorted()
                    .map(PolicyFile::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "cannot read the policies in " + directory + ": " + unreadable, unreadable);
        }
    }

    public static Policy read(Path file) {
        String name = file.getFileName().toString().replaceFirst("\\.toml$", "");
        try {
            if (Files.size(file) > SIZE_MAX) {
                throw new IllegalArgumentException(file + " is larger than a policy may be (1 MiB)");
            }
            return parse(name, Files.readString(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot read the policy " + file + ": " + unreadable, unreadable);
        }
    }

    /** @throws IllegalArgumentException that names the policy, the key, and what is wrong */
    public static Policy parse(String name, String text) {
        try {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("its name has other characters than letters, digits, '.', '_', '-'");
            }
            return policy(name, TomlMapper.builder().build().readTree(text));
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("policy " + name + ": " + malformed.getOriginalMessage(), malformed);
        } catch (IllegalArgumentException | SourceFault refused) {
            throw new IllegalArgumentException("policy " + name + ": " + refused.getMessage(), refused);
        }
    }

    private static Policy policy(String name, JsonNode root) {
        known("the policy", root, TOP);
        String repository = text("", root, "repository", "");
        if (repository.isBlank()) {
            throw new IllegalArgumentException("repository is missing: a directory, or s3://HOST:PORT/BUCKET/PREFIX");
        }
        Map<String, String> password = new LinkedHashMap<>();
        for (String key : List.of("password-file", "password-command")) {
            if (root.has(key)) {
                password.put(key, text("", root, key, ""));
            }
        }
        if (password.size() != 1) {
            throw new IllegalArgumentException("give one of password-file and password-command");
        }
        List<Policy.PolicySource> sources = new ArrayList<>();
        if (root.path("source").isArray()) {
            root.path("source").forEach(source -> sources.add(source("[[source]] " + (sources.size() + 1), source)));
        }
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("there is no source: add one as [[source]] and word = \"/srv/shop\"");
        }
        ZoneId zone = zone(text("", root, "time-zone", "UTC"));
        Optional<Cron> schedule =
                root.has("schedule") ? Optional.of(Cron.parse(text("", root, "schedule", ""), zone)) : Optional.empty();
        return new Policy(
                name,
                repository,
                password,
                sources,
                schedule,
                time("", root, "jitter", Duration.ZERO),
                keep(root.path("keep")),
                root.has("rpo") ? Optional.of(time("", root, "rpo", Duration.ZERO)) : Optional.empty(),
                root.has("rto") ? Optional.of(time("", root, "rto", Duration.ZERO)) : Optional.empty(),
                time("", root, "recheck", RECHECK_DEFAULT),
                texts("the policy", root, "escrow"));
    }

    private static Policy.PolicySource source(String place, JsonNode node) {
        known(place, node, SOURCE);
        String word = text(place + " ", node, "word", "");
        List<String> command = texts(place, node, "command");
        if (word.isEmpty() == command.isEmpty()) {
            throw new IllegalArgumentException(place + " has a word or a command, and not both");
        }
        if (!word.isEmpty()) {
            SourceSpec spec = SourceSpec.parse(word);
            if (spec.scheme().equals(SourceSpec.STANDARD_INPUT)) {
                throw new IllegalArgumentException(place + " word: a policy has no standard input");
            }
        }
        Hooks hooks = new Hooks(
                texts(place, node, "before"),
                texts(place, node, "after"),
                time(place + " ", node, "hook-timeout", Hooks.TIMEOUT_DEFAULT));
        return new Policy.PolicySource(
                word,
                command,
                text(place + " ", node, "name", ""),
                time(place + " ", node, "timeout", CommandSource.TIMEOUT_DEFAULT),
                texts(place, node, "exclude"),
                hooks);
    }

    private static Retention.Rules keep(JsonNode node) {
        if (node.isMissingNode()) {
            return new Retention.Rules(LAST_DEFAULT, 0, 0, 0, 0, 0, WITHIN_DEFAULT, Period.ZERO, Set.of());
        }
        known("[keep]", node, KEEP);
        Retention.Rules rules = new Retention.Rules(
                count(node, "last"),
                count(node, "hourly"),
                count(node, "daily"),
                count(node, "weekly"),
                count(node, "monthly"),
                count(node, "yearly"),
                period(node, "within"),
                period(node, "immutable"),
                Set.copyOf(texts("[keep]", node, "tags")));
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("[keep] keeps nothing; leave it out to keep 30 days");
        }
        return rules;
    }

    private static void known(String place, JsonNode node, Set<String> keys) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(place + " is a table of keys");
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!keys.contains(property.getKey())) {
                throw new IllegalArgumentException(place + " has the unknown key " + Quoted.of(property.getKey())
                        + Words.suggestion(property.getKey(), keys) + "; known are "
                        + String.join(", ", keys.stream().sorted().toList()));
            }
        }
    }

    private static String text(String place, JsonNode node, String key, String otherwise) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isString()) {
            throw new IllegalArgumentException(place + key + " is a text in quotes");
        }
        return value.asString();
    }

    private static List<String> texts(String place, JsonNode node, String key) {
        JsonNode value = node.path(key);
        List<String> texts = new ArrayList<>();
        if (!value.isMissingNode() && !value.isArray()) {
            throw new IllegalArgumentException(place + " " + key + " is a list of texts, as [\"pg_dump\", \"shop\"]");
        }
        for (JsonNode item : value) {
            if (!item.isString()) {
                throw new IllegalArgumentException(
                        place + " " + key + " is a list of texts, as [\"pg_dump\", \"shop\"]");
            }
            texts.add(item.asString());
        }
        return texts;
    }

    private static int count(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isMissingNode() && (!value.isIntegralNumber() || value.asInt(-2) < -1)) {
            throw new IllegalArgumentException("[keep] " + key + " is a number of recovery points, or -1 for all");
        }
        return value.asInt(0);
    }

    private static Period period(JsonNode node, String key) {
        String text = text("[keep] ", node, key, "P0D");
        try {
            return Period.parse(text.matches("\\d+[dwmy]") ? "P" + text.toUpperCase(java.util.Locale.ROOT) : text);
        } catch (DateTimeException odd) {
            throw new IllegalArgumentException(
                    "[keep] " + key + " is a time of days, as 30d, 6m, 1y or P1Y6M, not " + Quoted.of(text), odd);
        }
    }

    private static Duration time(String place, JsonNode node, String key, Duration otherwise) {
        String text = text(place, node, key, otherwise.toString());
        try {
            String upper = text.toUpperCase(java.util.Locale.ROOT);
            Duration time = Duration.parse(
                    upper.matches("\\d+D") ? "P" + upper : upper.matches("(\\d+[HMS])+") ? "PT" + upper : upper);
            if (time.isNegative()) {
                throw new IllegalArgumentException(place + key + " is not negative");
            }
            return time;
        } catch (DateTimeException odd) {
            throw new IllegalArgumentException(
                    place + key + " is a time, as 90s, 10m, 24h, 7d or PT1H30M, not " + Quoted.of(text), odd);
        }
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "time-zone " + Quoted.of(text) + " is not known"
                            + Words.suggestion(text, ZoneId.getAvailableZoneIds()) + "; write it as Europe/Berlin",
                    unknown);
        }
    }
}
