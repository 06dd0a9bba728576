package io.cairn.volumes;

import io.cairn.base.ByteCount;
import java.util.Optional;

/**
 * A volume whose new size is promised and recorded. {@code pending} is empty when the filesystem has it already, and
 * otherwise says what it waits for (the next mount).
 */
public record Resized(ByteCount from, ByteCount to, Optional<String> pending) {}
