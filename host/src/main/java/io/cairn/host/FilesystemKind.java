package io.cairn.host;

/** A filesystem that volumes can be made with. */
public enum FilesystemKind {
    EXT4("ext4"),
    XFS("xfs");

    private final String type;

    FilesystemKind(String type) {
        this.type = type;
    }

    /** The kernel's name, as mount(2) takes it. */
    public String type() {
        return type;
    }
}
