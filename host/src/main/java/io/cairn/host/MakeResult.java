package io.cairn.host;

/** What came of making a filesystem. */
public sealed interface MakeResult {
    /** The filesystem is there and on stable storage; {@code identity} is its UUID. */
    record Made(String identity) implements MakeResult {}

    /** The device holds something already and was left as it is. */
    record NotEmpty(Contents found) implements MakeResult {}

    /** The device is too small for this kind of filesystem; {@code reason} says the least size. */
    record TooSmall(String reason) implements MakeResult {}
}
