package io.cairn.backup;

import io.cairn.repository.TreeBuilder;

/**
 * What an application keeps in one place, and how to take a copy of it. Made for one run and closed after it; one
 * thread. Errors: {@link SourceFault}, and those of the repository from {@code tree}.
 */
public interface Source extends AutoCloseable {
    /** Which data it is, the same from run to run. */
    SourceName name();

    /**
     * Streams all of it into the tree, below {@link SourceName#path}. When it returns, the copy is complete and
     * consistent as of the cut, as far as the server can tell; otherwise it throws, and there is no snapshot.
     */
    Cut store(TreeBuilder tree);

    @Override
    void close();
}
