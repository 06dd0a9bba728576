/**
 * Directories as trees of nodes, as restic writes them, and the file system that they come from and go to. Knows no
 * repository.
 */
@NullMarked
package io.cairn.repository.tree;

import org.jspecify.annotations.NullMarked;
