@NullMarked
package io.cairn.simulation;

import org.jspecify.annotations.NullMarked;
