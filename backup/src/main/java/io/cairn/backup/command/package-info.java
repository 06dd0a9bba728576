/**
 * Programs of the user: the output of one as a source ({@link io.cairn.backup.command.CommandSource}), and commands
 * around the copy of any source that bring an application to rest and let it go on
 * ({@link io.cairn.backup.command.Hooked}). No shell is between: a command is a list of words.
 */
@NullMarked
package io.cairn.backup.command;

import org.jspecify.annotations.NullMarked;
