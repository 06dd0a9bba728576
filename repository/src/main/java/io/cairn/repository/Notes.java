package io.cairn.repository;

import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Small sealed JSON documents beside the backups, under names of their own. The name is not sealed with the content:
 * who reads one compares what it says with where it lies. Safe for use by many threads.
 */
public final class Notes {
    private final Repository repository;

    public Notes(Repository repository) {
        this.repository = repository;
    }

    /** Stores a note, or replaces it as a whole. */
    public void save(FileName name, Map<String, Object> note) {
        byte[] sealed = sealed(note);
        repository.backend().save(name, sealed, sealed.length);
    }

    /** Stores a note unless there is one of that name, atomically; false when there was. */
    public boolean saveIfAbsent(FileName name, Map<String, Object> note) {
        return repository.backend().saveIfAbsent(name, sealed(note));
    }

    /** Reads a note; {@link io.cairn.repository.store.RepositoryFault.Missing} when it is not there. */
    public Map<String, Object> load(FileName name) {
        byte[] json = repository.documents().open(repository.backend().load(name), name);
        return Json.object(Json.read(json, name), name);
    }

    private byte[] sealed(Map<String, Object> note) {
        return repository.documents().seal(Json.write(note).getBytes(StandardCharsets.UTF_8));
    }
}
