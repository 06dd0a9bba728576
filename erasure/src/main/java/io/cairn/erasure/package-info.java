@NullMarked
package io.cairn.erasure;

import org.jspecify.annotations.NullMarked;
