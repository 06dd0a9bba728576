package io.cairn.repository;

import io.cairn.base.Checks;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * Named files in an area beside the packs, for what restic's format does not know. Each is sealed and compressed, whole
 * and durable when saving returns, and begins with its own name, so that nobody can swap two of them. Safe for use by
 * many threads.
 */
public final class Shelf {
    private static final int OPAQUE_BYTES = 8;

    private final Repository repository;
    private final Area area;

    public Shelf(Repository repository, Area area) {
        Checks.check(area.directory().startsWith("cairn/"), "%s is not one of restic's", area);
        this.repository = repository;
        this.area = area;
    }

    /** Stores {@code length} bytes under a name; what was there before is replaced as a whole. */
    public void save(String name, byte[] content, int offset, int length) {
        byte[] sealed = sealed(name, content, offset, length);
        repository.backend().save(new FileName(area, name), sealed, sealed.length);
    }

    /** Stores unless the name is taken; false when it was. */
    public boolean saveIfAbsent(String name, byte[] content) {
        return repository.backend().saveIfAbsent(new FileName(area, name), sealed(name, content, 0, content.length));
    }

    private byte[] sealed(String name, byte[] content, int offset, int length) {
        byte[] head = head(name);
        byte[] plain = Arrays.copyOf(head, head.length + length);
        System.arraycopy(content, offset, plain, head.length, length);
        return repository.documents().seal(plain);
    }

    private static byte[] head(String name) {
        return (name + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The content of a file; {@link RepositoryFault.Missing} when it is not there. */
    public byte[] load(String name) {
        FileName file = new FileName(area, name);
        byte[] plain = repository.documents().open(repository.backend().load(file), file);
        byte[] head = head(name);
        if (plain.length < head.length || !Arrays.equals(plain, 0, head.length, head, 0, head.length)) {
            throw new RepositoryFault.Damaged(
                    "file " + file + " in " + repository.backend().place() + " was written under another name");
        }
        return Arrays.copyOfRange(plain, head.length, plain.length);
    }

    /** All names, in their order. */
    public Set<String> names() {
        return new TreeSet<>(repository.backend().list(area).keySet());
    }

    public void delete(String name) {
        repository.backend().delete(new FileName(area, name));
    }

    /** A name for a text that tells nothing of it to whoever has not the key: 16 hexadecimal digits. */
    public String opaque(String text) {
        byte[] derived = repository.key().derive(area.directory() + " " + text);
        return HexFormat.of().formatHex(derived, 0, OPAQUE_BYTES);
    }
}
