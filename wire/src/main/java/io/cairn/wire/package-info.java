@NullMarked
package io.cairn.wire;

import org.jspecify.annotations.NullMarked;
