package io.cairn.host;

import java.nio.file.Path;

/** Encryption of a directory tree by the filesystem itself (fscrypt, policy version 2). */
public interface DirectoryEncryption {
    /** Whether the filesystem that is mounted there can do it. */
    Support support(Path mountpoint);

    /** Gives the kernel the key for this filesystem, until it is removed or unmounted; returns its identifier. */
    String addKey(Path mountpoint, KeyMaterial key);

    /** Makes an empty directory an encrypted one; one that already has this policy is no error. */
    void setPolicy(Path directory, String keyIdentifier);

    /** Takes the key away: names are ciphertext and files cannot be opened from now on. */
    void removeKey(Path mountpoint, String keyIdentifier);
}
