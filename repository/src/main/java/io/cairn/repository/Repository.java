package io.cairn.repository;

import io.cairn.base.Checks;
import io.cairn.repository.cut.Cutters;
import io.cairn.repository.pack.CompactIndex;
import io.cairn.repository.pack.IndexFile;
import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.MasterKey;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An opened repository: its place, its key, and its documents. Holds no lock and no index; operations take what they
 * need. Safe for use by many threads.
 */
public final class Repository {
    private static final long VERSION = 2;
    private static final int LOAD_TRIES = 5;

    private final Backend backend;
    private final MasterKey key;
    private final Actor actor;
    private final Documents documents;
    private final Map<String, Object> config;
    private final Id openedWith;

    private Repository(Backend backend, MasterKey key, Actor actor, Map<String, Object> config, Id openedWith) {
        this.backend = backend;
        this.key = key;
        this.actor = actor;
        this.documents = new Documents(backend, key);
        this.config = config;
        this.openedWith = openedWith;
    }

    /** Makes a new repository: directories, a key under the password, and last the configuration. */
    public static Repository create(Backend backend, byte[] password, Actor actor) {
        backend.prepare();
        if (!backend.list(Area.KEYS).isEmpty()) {
            throw new RepositoryFault.Refused("there are keys in " + backend.place()
                    + " already: a repository, or the beginning of one; take another place, or empty this one");
        }
        MasterKey key = MasterKey.random(actor.entropy());
        Id keyId = Keys.store(backend, key, password, actor);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("version", VERSION);
        config.put("id", HexFormat.of().formatHex(actor.entropy().bytes(Id.LENGTH)));
        config.put("chunker_polynomial", Long.toHexString(Polynomial.randomIrreducible(actor.entropy())));
        byte[] sealed = key.sealer().seal(Json.write(config).getBytes(StandardCharsets.UTF_8));
        if (!backend.saveIfAbsent(FileName.CONFIG, sealed)) {
            throw new RepositoryFault.Refused("somebody else made a repository in " + backend.place() + " just now");
        }
        return new Repository(backend, key, actor, config, keyId);
    }

    /** Opens a repository with a password; {@link RepositoryFault.WrongPassword} when no key takes it. */
    public static Repository open(Backend backend, byte[] password, Actor actor) {
        byte[] sealed;
        try {
            sealed = backend.load(FileName.CONFIG);
        } catch (RepositoryFault.Missing none) {
            throw new RepositoryFault.Refused("there is no repository in " + backend.place()
                    + "; make one with `cairn repo init`, or correct the place");
        }
        Keys.Opened opened = Keys.open(backend, password, actor);
        byte[] plain = opened.master().sealer().open(sealed, FileName.CONFIG);
        Map<String, Object> config = Json.object(Json.read(plain, FileName.CONFIG), FileName.CONFIG);
        long version = Json.number(config, "version");
        if (version != 1 && version != VERSION) {
            throw new RepositoryFault.Refused("the repository in " + backend.place() + " has version " + version
                    + "; this program knows 1 and 2, so a newer one is needed");
        }
        return new Repository(backend, opened.master(), actor, config, opened.file());
    }

    /** Refuses a repository of version 1, which cannot hold compressed blobs. */
    void requireWritable() {
        if (Json.number(config, "version") != VERSION) {
            throw new RepositoryFault.Refused("the repository in " + backend.place()
                    + " has version 1; run `restic migrate upgrade_repo_v2` before writing to it");
        }
    }

    /** The random id that every repository has. */
    public String id() {
        return Json.text(config, "id");
    }

    public Backend backend() {
        return backend;
    }

    public Actor actor() {
        return actor;
    }

    /** The key file that the password opened. */
    public Id openedWith() {
        return openedWith;
    }

    public Keys keys() {
        return new Keys(this);
    }

    MasterKey key() {
        return key;
    }

    Documents documents() {
        return documents;
    }

    Cutters cutters() {
        return new Cutters(key);
    }

    /** The ids in an area; files with other names are not the repository's. */
    Set<Id> ids(Area area) {
        Set<Id> ids = new LinkedHashSet<>();
        for (String name : backend.list(area).keySet()) {
            if (Id.isId(name)) {
                ids.add(Id.parse(name));
            }
        }
        return ids;
    }

    /** An index in memory and the files it was read from. Close the index. */
    record Loaded(CompactIndex index, Set<Id> files) {
        Loaded {
            Checks.check(files instanceof LinkedHashSet, "files are in the order of reading");
        }
    }

    /** Reads all index files. A prune may replace some meanwhile; then it starts over. */
    Loaded loadIndex() {
        for (int attempt = 1; ; attempt++) {
            CompactIndex index = new CompactIndex();
            Set<Id> files = new LinkedHashSet<>();
            try {
                Set<Id> packs = new java.util.HashSet<>();
                for (Id file : ids(Area.INDEXES)) {
                    IndexFile.decode(documents.load(Area.INDEXES, file), "index/" + file, (pack, blobs) -> {
                        if (packs.add(pack)) {
                            index.add(pack, blobs);
                        }
                    });
                    files.add(file);
                }
                return new Loaded(index, files);
            } catch (RepositoryFault.Missing replaced) {
                index.close();
                if (attempt == LOAD_TRIES) {
                    throw replaced;
                }
            } catch (RepositoryFault other) {
                index.close();
                throw other;
            }
        }
    }

    /** All snapshots, oldest first. */
    public List<Snapshot> snapshots() {
        List<Snapshot> snapshots = new ArrayList<>();
        for (Id id : ids(Area.SNAPSHOTS)) {
            try {
                snapshots.add(Snapshot.parse(id, documents.loadObject(Area.SNAPSHOTS, id)));
            } catch (RepositoryFault.Missing forgotten) {
                continue;
            }
        }
        snapshots.sort(Snapshot.OLDEST_FIRST);
        return snapshots;
    }

    /** Removes a snapshot, and what is noted of it. Its data goes with the next prune. */
    public void forget(Snapshot snapshot) {
        String id = snapshot.id().toString();
        backend.delete(new FileName(Area.SNAPSHOTS, id));
        for (Area notes : List.of(Area.VERIFIED, Area.DAMAGED, Area.HOLDS, Area.POINTS)) {
            backend.delete(new FileName(notes, id));
        }
    }

    /**
     * The snapshot that people mean by {@code latest}, or by the first digits of an id. The latest is one of content:
     * not the small one that only says of others that they belong together.
     */
    public Snapshot snapshot(String name) {
        List<Snapshot> all = snapshots();
        if (name.equals("latest")) {
            for (Snapshot snapshot : all.reversed()) {
                if (!snapshot.tags().contains(Snapshot.POINT_TAG)) {
                    return snapshot;
                }
            }
        }
        List<Snapshot> found =
                all.stream().filter(s -> s.id().toString().startsWith(name)).toList();
        if (found.size() != 1 || name.isEmpty()) {
            throw new RepositoryFault.Refused((found.isEmpty() ? "no snapshot " : "several snapshots begin with ") + "'"
                    + name + "' in " + backend.place() + "; list them with `cairn backup ls`");
        }
        return found.getFirst();
    }
}
