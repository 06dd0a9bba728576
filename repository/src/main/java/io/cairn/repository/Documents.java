package io.cairn.repository;

import io.cairn.repository.pack.Squeeze;
import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.MasterKey;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The sealed JSON files of a repository: indexes, snapshots, locks, marks. Safe for use by many threads. */
final class Documents {
    private static final byte COMPRESSED = 2;
    private static final long LENGTH_MAX = 512L << 20;

    private final Backend backend;
    private final MasterKey key;

    Documents(Backend backend, MasterKey key) {
        this.backend = backend;
        this.key = key;
    }

    /** Stores a document under the hash of its sealed bytes. */
    Id save(Area area, byte[] json) {
        byte[] sealed = seal(json);
        Id id = Id.of(sealed);
        backend.save(new FileName(area, id.toString()), sealed, sealed.length);
        return id;
    }

    Id save(Area area, Map<String, Object> document) {
        return save(area, Json.write(document).getBytes(StandardCharsets.UTF_8));
    }

    /** The sealed form of a document. */
    byte[] seal(byte[] json) {
        byte[] squeezed = Squeeze.ofThread().compress(json);
        byte[] plain = new byte[squeezed.length + 1];
        plain[0] = COMPRESSED;
        System.arraycopy(squeezed, 0, plain, 1, squeezed.length);
        return key.sealer().seal(plain);
    }

    /** The JSON of a document; its bytes must have the hash that is its name. */
    byte[] load(Area area, Id id) {
        FileName name = new FileName(area, id.toString());
        byte[] sealed = backend.load(name);
        if (!Id.of(sealed).equals(id)) {
            throw new RepositoryFault.Damaged("file " + name + " in " + backend.place()
                    + " is not what was written: its hash is " + Id.of(sealed));
        }
        return open(sealed, name);
    }

    Map<String, Object> loadObject(Area area, Id id) {
        return Json.object(Json.read(load(area, id), new FileName(area, id.toString())), area);
    }

    /** Opens sealed bytes of a document. */
    byte[] open(byte[] sealed, Object what) {
        byte[] plain = key.sealer().open(sealed, what);
        if (plain.length > 0 && (plain[0] == '{' || plain[0] == '[')) {
            return plain;
        }
        if (plain.length == 0 || plain[0] != COMPRESSED) {
            throw new RepositoryFault.Damaged(what + " has an encoding that is not known; a newer program wrote it?");
        }
        return Squeeze.ofThread().decompress(plain, 1, plain.length - 1, LENGTH_MAX, what);
    }
}
