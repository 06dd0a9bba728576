@NullMarked
package io.cairn.model;

import org.jspecify.annotations.NullMarked;
