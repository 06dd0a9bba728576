/**
 * What the tests of every floor share: seeded properties and a clock that is moved by hand. Holds no product code;
 * start with {@link io.cairn.testkit.Property}.
 */
@NullMarked
package io.cairn.testkit;

import org.jspecify.annotations.NullMarked;
