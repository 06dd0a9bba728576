@NullMarked
package io.cairn.console;

import org.jspecify.annotations.NullMarked;
