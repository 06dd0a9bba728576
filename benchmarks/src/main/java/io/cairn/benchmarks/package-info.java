@NullMarked
package io.cairn.benchmarks;

import org.jspecify.annotations.NullMarked;
