package io.cairn.console;

/** Who makes an authenticated request. Only the root key may use the admin API. */
record Caller(String accessKey, boolean root) {}
