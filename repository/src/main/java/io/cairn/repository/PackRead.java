package io.cairn.repository;

import io.cairn.repository.pack.PackHeader;
import io.cairn.repository.pack.PackedBlob;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.RepositoryFault;
import java.util.List;

/** Reads packs: their headers, or many of their blobs with few requests. Stateless but for the repository. */
final class PackRead {
    private static final int TAIL = 4 << 10;
    private static final int RUN_MAX = 4 << 20;
    private static final int GAP_MAX = 128 << 10;

    private final Repository repository;

    PackRead(Repository repository) {
        this.repository = repository;
    }

    static FileName name(Id pack) {
        return new FileName(Area.PACKS, pack.toString());
    }

    /** The blobs of a pack of that size, by its header. */
    List<PackedBlob> header(Id pack, long size) {
        FileName name = name(pack);
        int tail = (int) Math.min(TAIL, size);
        if (tail < PackHeader.LENGTH_FIELD) {
            throw new RepositoryFault.Damaged(name + " is cut off: it has " + size + " bytes");
        }
        byte[] bytes = new byte[tail];
        repository.backend().read(name, size - tail, bytes, 0, tail);
        int length = PackHeader.sealedLength(bytes, tail, size, name);
        long body = size - PackHeader.LENGTH_FIELD - length;
        int at = tail - PackHeader.LENGTH_FIELD - length;
        if (at < 0) {
            bytes = new byte[length];
            repository.backend().read(name, body, bytes, 0, length);
            at = 0;
        }
        return PackHeader.parse(bytes, at, length, body, repository.key().sealer(), name);
    }

    /** Opens some blobs of a pack, in the order of their offsets, and hands over their content. */
    void blobs(Id pack, List<PackedBlob> wanted, Opening.Taker taker) {
        Opening opening = Opening.ofThread();
        int from = 0;
        while (from < wanted.size()) {
            int to = from + 1;
            long start = wanted.get(from).offset();
            while (to < wanted.size()
                    && wanted.get(to).end() - start <= RUN_MAX
                    && wanted.get(to).offset() - wanted.get(to - 1).end() <= GAP_MAX) {
                to++;
            }
            int length = (int) (wanted.get(to - 1).end() - start);
            byte[] run = opening.run(length);
            repository.backend().read(name(pack), start, run, 0, length);
            for (PackedBlob blob : wanted.subList(from, to)) {
                taker.take(blob, opening.open(repository, blob, run, (int) (blob.offset() - start), name(pack)));
            }
            from = to;
        }
    }
}
