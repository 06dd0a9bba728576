package io.cairn.model;

/** The identity of a multipart upload: URL-safe text, 1 to 128 characters. */
public record UploadId(String value) implements Comparable<UploadId> {
    public UploadId {
        if (value.isEmpty() || value.length() > 128) {
            throw new IllegalArgumentException("not an upload id: '" + value + "'");
        }
    }

    @Override
    public int compareTo(UploadId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
