package io.cairn.volumes.spec;

/** How the bytes of an image are hidden from whoever reads the disk. */
public enum Cipher {
    NONE,
    /** Everything: contents, names, sizes, free room. */
    LUKS2,
    /** Contents and names of files below the volume's directory; not their sizes, times, number and tree. */
    FSCRYPT
}
