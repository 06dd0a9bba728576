package io.cairn.host.linux;

import io.cairn.host.FileIdentity;

/**
 * What the kernel says of an attached loop device (struct loop_info64). {@code offset} and {@code sizeLimit} are in
 * bytes; a limit of 0 is none.
 */
record LoopStatus(FileIdentity backingFile, long offset, long sizeLimit, int flags) {
    static final int FLAG_READ_ONLY = 1;
    static final int FLAG_CLEARS_ITSELF = 4;
    static final int FLAG_DIRECT_IO = 16;

    /** True when the device is all of the file. */
    boolean whole() {
        return offset == 0 && sizeLimit == 0;
    }

    boolean readOnly() {
        return (flags & FLAG_READ_ONLY) != 0;
    }

    boolean clearsItself() {
        return (flags & FLAG_CLEARS_ITSELF) != 0;
    }

    boolean directIo() {
        return (flags & FLAG_DIRECT_IO) != 0;
    }
}
