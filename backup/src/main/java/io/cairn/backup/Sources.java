package io.cairn.backup;

import io.cairn.volumes.spec.Quoted;
import io.cairn.volumes.spec.Words;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kinds of sources that there are, by the scheme of their words. Immutable. */
public final class Sources {
    private final SortedMap<String, SourceFactory> kinds;
    private final Map<String, String> environment;

    public Sources(Map<String, SourceFactory> kinds, Map<String, String> environment) {
        this.kinds = Collections.unmodifiableSortedMap(new TreeMap<>(kinds));
        this.environment = Map.copyOf(environment);
    }

    /** The source of a word, without a connection yet. An unknown kind is refused with the nearest known one. */
    public Part open(String word) {
        SourceSpec spec = SourceSpec.parse(word);
        SourceFactory factory = kinds.get(spec.scheme());
        if (factory == null) {
            throw new SourceFault.Refused("there is no source of the kind " + Quoted.of(spec.scheme())
                    + Words.suggestion(spec.scheme(), kinds.keySet()) + "; known are "
                    + String.join(", ", kinds.keySet())
                    + ", and directories");
        }
        return factory.open(spec, new Secrets(spec.options(), environment));
    }
}
