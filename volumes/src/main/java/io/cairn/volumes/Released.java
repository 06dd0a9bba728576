package io.cairn.volumes;

/**
 * A volume with one reference less. {@code left} counts those of all holders. With none left it is unmounted, unless
 * some mount namespace still has it: then {@code unmounted} is false, and reconciliation unmounts it later.
 */
public record Released(int left, boolean unmounted) {}
