package io.cairn.console;

/** A bearer token and when it ends. */
public record TokenInfo(String token, String expires) {}
