package io.cairn.http;

import java.nio.file.Path;

/** A certificate chain and its private key (PKCS #8), both PEM. Read once, when the server starts. */
public record TlsFiles(Path certificateChain, Path privateKey) {}
