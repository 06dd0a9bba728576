@NullMarked
package io.cairn.engine;

import org.jspecify.annotations.NullMarked;
