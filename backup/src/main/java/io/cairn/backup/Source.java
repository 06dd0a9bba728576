package io.cairn.backup;

import io.cairn.repository.Backup;
import io.cairn.repository.TreeBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * What an application keeps in one place, and how to take a copy of it. Made for one run and closed after it; one
 * thread. Errors: {@link SourceFault}, and those of the repository from {@code tree}.
 */
public interface Source extends Part {
    /** Which data it is, the same from run to run. */
    @Override
    SourceName name();

    /**
     * Streams all of it into the tree, below {@link SourceName#path}. When it returns, the copy is complete and
     * consistent as of the cut, as far as the server can tell; otherwise it throws, and there is no snapshot.
     */
    Cut store(TreeBuilder tree);

    @Override
    default Taken take(Backup backup) {
        List<Cut> cut = new ArrayList<>();
        Backup.Result result = backup.tree(name().paths(), tree -> cut.add(store(tree)));
        return new Taken(cut.getFirst(), result);
    }

    @Override
    void close();
}
