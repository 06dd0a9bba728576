/**
 * Clients that others wrote, living their normal life against a real daemon: command line programs, libraries, plain
 * HTTP. Owns no product code. What the tests run is what {@code docs/clients.md} tells people to run. Read
 * {@link io.cairn.acceptance.RunningCairn} first.
 */
@NullMarked
package io.cairn.acceptance.clients;

import org.jspecify.annotations.NullMarked;
