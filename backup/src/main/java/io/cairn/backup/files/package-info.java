/** Directory trees of this machine as a source; reading them is the business of the repository. */
@NullMarked
package io.cairn.backup.files;

import org.jspecify.annotations.NullMarked;
