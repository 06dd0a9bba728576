package io.cairn.repository;

import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.KeyFile;
import io.cairn.repository.seal.MasterKey;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The passwords of a repository: each key file has the same master key under another one. Stateless but for the
 * repository.
 */
public final class Keys {
    private static final int TRIED_MAX = 50;

    private final Repository repository;

    Keys(Repository repository) {
        this.repository = repository;
    }

    /** The master key and the file that gave it. */
    record Opened(MasterKey master, Id file) {}

    static Opened open(Backend backend, byte[] password, Actor actor) {
        int tried = 0;
        RepositoryFault damaged = null;
        for (String name : backend.list(Area.KEYS).keySet()) {
            if (!Id.isId(name) || tried++ >= TRIED_MAX) {
                continue;
            }
            FileName file = new FileName(Area.KEYS, name);
            try {
                Optional<MasterKey> master =
                        KeyFile.parse(backend.load(file), file).open(password, actor.entropy());
                if (master.isPresent()) {
                    return new Opened(master.get(), Id.parse(name));
                }
            } catch (RepositoryFault.Damaged broken) {
                damaged = broken;
            }
        }
        if (damaged != null) {
            throw damaged;
        }
        throw new RepositoryFault.WrongPassword("wrong password: none of the " + tried + " keys of the repository in "
                + backend.place() + " opens with it; check which password file or command is in use");
    }

    static Id store(Backend backend, MasterKey master, byte[] password, Actor actor) {
        if (password.length == 0) {
            throw new RepositoryFault.Refused(
                    "an empty password protects nothing; give one with at least one character");
        }
        byte[] file = KeyFile.seal(master, password, actor.user(), actor.host(), actor.clock(), actor.entropy())
                .encode();
        Id id = Id.of(file);
        backend.save(new FileName(Area.KEYS, id.toString()), file, file.length);
        return id;
    }

    /** All key files. */
    public Map<Id, KeyFile> list() {
        Map<Id, KeyFile> files = new LinkedHashMap<>();
        for (Id id : repository.ids(Area.KEYS)) {
            FileName name = new FileName(Area.KEYS, id.toString());
            files.put(id, KeyFile.parse(repository.backend().load(name), name));
        }
        return files;
    }

    /** Adds a key under another password. */
    public Id add(byte[] password) {
        return store(repository.backend(), repository.key(), password, repository.actor());
    }

    /** Takes a key away; not the one that is in use, so that one always is left. */
    public void remove(Id id) {
        if (id.equals(repository.openedWith())) {
            throw new RepositoryFault.Refused(
                    "key " + id.brief() + " is the one in use; open the repository with another password to remove it");
        }
        if (!repository.ids(Area.KEYS).contains(id)) {
            throw new RepositoryFault.Refused(
                    "there is no key " + id.brief() + "; list them with `cairn repo keys ls`");
        }
        repository.backend().delete(new FileName(Area.KEYS, id.toString()));
    }

    /**
     * Replaces the key in use by one under a new password. The new one is durable, and tried, before the old one goes.
     */
    public Id rotate(byte[] password) {
        Id added = add(password);
        Opened again = open(repository.backend(), password, repository.actor());
        if (!again.file().equals(repository.openedWith())) {
            repository
                    .backend()
                    .delete(new FileName(Area.KEYS, repository.openedWith().toString()));
        }
        return added;
    }
}
