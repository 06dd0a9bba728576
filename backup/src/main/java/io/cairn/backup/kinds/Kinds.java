package io.cairn.backup.kinds;

import io.cairn.backup.Secret;
import io.cairn.backup.Secrets;
import io.cairn.backup.SourceFactory;
import io.cairn.backup.SourceSpec;
import io.cairn.backup.Sources;
import io.cairn.backup.bucket.BucketSource;
import io.cairn.backup.command.CommandSource;
import io.cairn.backup.command.CommandWords;
import io.cairn.backup.dump.DumpSource;
import io.cairn.backup.files.FilesPart;
import io.cairn.backup.postgres.PostgresSource;
import io.cairn.backup.redis.RedisSource;
import io.cairn.backup.search.SearchSource;
import io.cairn.backup.volume.DaemonVolumes;
import io.cairn.backup.volume.VolumeSource;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Makes the registry of all kinds of sources. Stateless. */
public final class Kinds {
    private Kinds() {}

    /**
     * What a word cannot say about its source.
     *
     * @param name what to call a command; empty for its program's name
     * @param timeout how long a command may take
     * @param excluded paths of directories that are left out
     */
    public record Settings(
            Map<String, String> environment, Clock clock, String name, Duration timeout, Predicate<String> excluded) {
        public static Settings of(Map<String, String> environment, Clock clock) {
            return new Settings(environment, clock, "", CommandSource.TIMEOUT_DEFAULT, _ -> false);
        }

        public Settings named(String called, Duration within, Predicate<String> without) {
            return new Settings(environment, clock, called, within, without);
        }
    }

    public static Sources with(Settings settings) {
        Map<String, SourceFactory> kinds = new TreeMap<>();
        Clock clock = settings.clock();
        kinds.put(SourceSpec.FILES, (spec, _) -> new FilesPart(List.of(spec.rest()), settings.excluded(), clock));
        kinds.put(
                SourceSpec.COMMAND,
                (spec, _) ->
                        new CommandSource(CommandWords.parse(spec.rest()), settings.name(), settings.timeout(), clock));
        for (String scheme : List.of("postgres", "postgresql")) {
            kinds.put(
                    scheme,
                    (spec, secrets) ->
                            PostgresSource.open(spec.address(), () -> bytes(secrets), clock, Entropy.secure()));
        }
        kinds.put("postgres-dump", (spec, secrets) -> DumpSource.open(spec.address(), secrets::password, clock));
        for (String scheme : List.of("redis", "rediss", "redis+unix")) {
            kinds.put(scheme, (spec, secrets) -> RedisSource.open(spec.address(), secrets::password, clock));
        }
        for (String scheme : List.of("opensearch", "elasticsearch")) {
            kinds.put(scheme, (spec, secrets) -> SearchSource.open(spec.address(), secrets::password, clock));
        }
        kinds.put(
                "s3", (spec, _) -> BucketSource.open(spec.scheme() + ":" + spec.rest(), settings.environment(), clock));
        kinds.put("volume", (spec, _) -> volume(spec, clock));
        return new Sources(kinds, settings.environment());
    }

    /** {@code volume:NAME?control=PATH}, the path being that of the daemon's control socket. */
    private static VolumeSource volume(SourceSpec spec, Clock clock) {
        String control = spec.options().getOrDefault("control", DaemonVolumes.CONTROL_DEFAULT.toString());
        return VolumeSource.open(spec.rest().split("\\?", 2)[0], new DaemonVolumes(Path.of(control)), clock);
    }

    private static Optional<byte[]> bytes(Secrets secrets) {
        return secrets.find("password").map(Secret::bytes);
    }
}
