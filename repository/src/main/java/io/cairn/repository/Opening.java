package io.cairn.repository;

import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.pack.Squeeze;
import io.cairn.repository.seal.Id;
import io.cairn.repository.seal.Sealer;
import io.cairn.repository.store.RepositoryFault;

/**
 * Opens sealed blobs one after another in memory that is used again: making, zeroing and moving arrays for each took a
 * tenth of the time of a check. Belongs to one thread.
 */
final class Opening {
    private static final ThreadLocal<Opening> OF_THREAD = ThreadLocal.withInitial(Opening::new);

    private byte[] run = new byte[0];
    private byte[] opened = new byte[0];
    private byte[] plain = new byte[0];

    private Opening() {}

    static Opening ofThread() {
        return OF_THREAD.get();
    }

    /** Takes the content of a blob: the first {@code blob.size()} bytes of an array that is the giver's again. */
    interface Taker {
        void take(PackedBlob blob, byte[] content);
    }

    /** Memory for at least that many sealed bytes, until the next call. */
    byte[] run(int length) {
        if (run.length < length) {
            run = new byte[length];
        }
        return run;
    }

    /** Opens a sealed blob that stands at {@code at}, and checks that it is that blob; until the next call. */
    byte[] open(Repository repository, PackedBlob blob, byte[] sealed, int at, Object pack) {
        String what = "blob " + blob.id() + " at byte " + blob.offset() + " of " + pack;
        int length = blob.length() - Sealer.OVERHEAD;
        opened = enough(opened, length);
        repository.key().sealer().open(sealed, at, blob.length(), opened, 0, what);
        byte[] content = opened;
        if (blob.compressed()) {
            plain = enough(plain, blob.plainLength());
            Squeeze.ofThread().decompressInto(opened, 0, length, plain, blob.plainLength(), what);
            content = plain;
        }
        if (!Id.of(content, 0, blob.size()).equals(blob.id())) {
            throw new RepositoryFault.Damaged(what + " has other content than its id says");
        }
        return content;
    }

    private static byte[] enough(byte[] array, int length) {
        return array.length >= length ? array : new byte[Math.max(length, 256 << 10)];
    }
}
