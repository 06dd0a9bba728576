@NullMarked
package io.cairn.consensus;

import org.jspecify.annotations.NullMarked;
