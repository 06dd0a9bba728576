@NullMarked
package io.cairn.metadata;

import org.jspecify.annotations.NullMarked;
