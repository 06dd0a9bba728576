package io.cairn.backup.postgres;

import io.cairn.repository.cut.DataClass;
import io.cairn.repository.tree.Node;
import java.util.Optional;

/**
 * How large the pieces of relation files are: one page each as long as a cluster has at most half a million of them,
 * larger beyond, because the pieces of a directory are listed in one document. Stateless; decision 72.
 */
final class PagePieces {
    private static final int KIB = 1 << 10;
    private static final long PIECES_MAX = 1 << 19;

    private PagePieces() {}

    /** For new files of a cluster of that many bytes. */
    static DataClass of(long clusterBytes) {
        if (clusterBytes <= PIECES_MAX * 8 * KIB) {
            return DataClass.PAGES_8K;
        } else if (clusterBytes <= PIECES_MAX * 32 * KIB) {
            return DataClass.PAGES_32K;
        } else if (clusterBytes <= PIECES_MAX * 64 * KIB) {
            return DataClass.PAGES;
        }
        return clusterBytes <= PIECES_MAX * 256 * KIB ? DataClass.PAGES_256K : DataClass.PAGES_1M;
    }

    /** What an earlier copy of a file was cut in; empty when it does not show. */
    static Optional<DataClass> of(Node earlier) {
        int pieces = earlier.content().size();
        if (pieces < 2) {
            return Optional.empty();
        }
        for (DataClass candidate :
                new DataClass[] {DataClass.PAGES_8K, DataClass.PAGES_32K, DataClass.PAGES, DataClass.PAGES_256K}) {
            long size = size(candidate);
            if ((earlier.size() + size - 1) / size == pieces) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static long size(DataClass dataClass) {
        return switch (dataClass) {
            case PAGES_8K -> 8 * KIB;
            case PAGES_32K -> 32 * KIB;
            case PAGES -> 64 * KIB;
            case PAGES_256K -> 256 * KIB;
            case PAGES_1M, MEDIA, FILES -> KIB * KIB;
        };
    }
}
