/**
 * The ground floor: time, randomness, units, always-on checks and checksums. Knows no domain; every other module may
 * use it. No class outside this package reads the clock or makes randomness.
 */
@NullMarked
package io.cairn.base;

import org.jspecify.annotations.NullMarked;
