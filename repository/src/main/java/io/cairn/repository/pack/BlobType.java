package io.cairn.repository.pack;

/** What a blob is: a piece of a file, or a directory. */
public enum BlobType {
    DATA("data"),
    TREE("tree");

    private final String word;

    BlobType(String word) {
        this.word = word;
    }

    /** The word in index files. */
    public String word() {
        return word;
    }
}
