/**
 * What is true of the program as a whole: the rules of the house, read from the sources and the classes, and the tests
 * of the real thing with clients of others. Owns no product code. Read {@link io.cairn.acceptance.TidyTest} and
 * {@link io.cairn.acceptance.ArchitectureTest} first.
 */
@NullMarked
package io.cairn.acceptance;

import org.jspecify.annotations.NullMarked;
