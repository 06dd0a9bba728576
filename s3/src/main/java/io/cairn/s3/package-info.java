@NullMarked
package io.cairn.s3;

import org.jspecify.annotations.NullMarked;
