@NullMarked
package io.cairn.shards;

import org.jspecify.annotations.NullMarked;
