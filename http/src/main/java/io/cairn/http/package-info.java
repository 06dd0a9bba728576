@NullMarked
package io.cairn.http;

import org.jspecify.annotations.NullMarked;
