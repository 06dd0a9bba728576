/**
 * Encryption as Linux does it: LUKS2 containers by cryptsetup ({@link io.cairn.host.crypt.LuksEncryption}), and
 * directories that ext4 encrypts itself, by ioctls ({@link io.cairn.host.crypt.FscryptDirectories}). Keys reach the
 * kernel through memory and programs through their standard input, nothing else. Makes and stores no key.
 */
@NullMarked
package io.cairn.host.crypt;

import org.jspecify.annotations.NullMarked;
