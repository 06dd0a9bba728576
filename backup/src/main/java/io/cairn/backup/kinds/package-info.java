/** The kinds of sources that this version has, put together. Everything else knows them by their words only. */
@NullMarked
package io.cairn.backup.kinds;

import org.jspecify.annotations.NullMarked;
