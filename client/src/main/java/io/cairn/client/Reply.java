package io.cairn.client;

/** What came back: an answer, or a refusal that the caller may have expected (not there, precondition failed). */
sealed interface Reply permits Answer, S3Said {}
