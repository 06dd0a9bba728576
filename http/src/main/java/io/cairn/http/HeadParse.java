package io.cairn.http;

/** The outcome of parsing a request's head. */
sealed interface HeadParse permits RequestHead, ProtocolError {}
