package io.cairn.volumes;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.volumes.registry.KnownPools;
import io.cairn.volumes.registry.Pool;
import io.cairn.volumes.registry.Registry;
import io.cairn.volumes.registry.RegistryFiles;
import io.cairn.volumes.spec.PoolSettings;
import io.cairn.volumes.spec.VolumesConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/** The configured pools of this host. Those that cannot be opened are tried again. Safe for many threads. */
final class Pools {
    private final SequencedMap<String, Pool> pools = new LinkedHashMap<>();
    private final Registry registry;
    private final Clock clock;
    private final Entropy entropy;

    Pools(
            VolumesConfig config,
            RegistryFiles files,
            KnownPools known,
            Registry registry,
            Clock clock,
            Entropy entropy) {
        this.registry = registry;
        this.clock = clock;
        this.entropy = entropy;
        for (PoolSettings each : config.pools().values()) {
            pools.put(each.name(), new Pool(each, files, known, each.name().equals(VolumesConfig.POOL_DEFAULT)));
        }
    }

    List<Pool> all() {
        return List.copyOf(pools.values());
    }

    List<Pool> opened() {
        return pools.values().stream().filter(Pool::isOpen).toList();
    }

    Pool named(String name) {
        return Objects.requireNonNull(pools.get(name), "the configuration was checked");
    }

    /** Opens the pools that are not open, and reads their volumes. Returns all that is wrong. */
    synchronized List<String> open() {
        var problems = new ArrayList<String>();
        for (Pool pool : pools.values()) {
            boolean fresh = !pool.isOpen();
            Optional<String> problem = pool.open(clock, entropy);
            problem.ifPresent(problems::add);
            if (fresh && problem.isEmpty()) {
                registry.load(pool);
            }
        }
        problems.addAll(registry.problems());
        return problems;
    }

    /** Why nothing may be created now: a pool whose volumes, and so their names, are not known. */
    Optional<Refusal> unknownNames() {
        return pools.values().stream()
                .filter(pool -> !pool.isOpen())
                .findFirst()
                .map(pool -> new Refusal(
                        Refusal.Reason.POOL_UNAVAILABLE,
                        pool.problem().orElse(pool.toString())
                                + ": it is not known which volumes it holds, so none is created"));
    }

    void close() {
        pools.values().forEach(Pool::close);
    }
}
