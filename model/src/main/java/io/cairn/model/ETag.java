package io.cairn.model;

/** An entity tag without its quotes: the MD5 of the content in hexadecimal, or {@code <md5 of part md5s>-<parts>}. */
public record ETag(String value) {
    public ETag {
        if (value.isEmpty() || value.length() > 64 || value.indexOf('"') >= 0) {
            throw new IllegalArgumentException("not an entity tag: '" + value + "'");
        }
    }

    /** The tag as it stands in a header or in XML, in quotes. */
    public String quoted() {
        return '"' + value + '"';
    }

    @Override
    public String toString() {
        return value;
    }
}
