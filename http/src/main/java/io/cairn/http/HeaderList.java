package io.cairn.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Header fields in order, repeats kept, names compared without case. Values are ISO-8859-1: one char per byte, so that
 * a face that means UTF-8 converts itself. Immutable, so safe for use by many threads.
 */
public final class HeaderList {
    private static final HeaderList EMPTY = new HeaderList(new String[0]);

    /** Name, value, name, value … */
    private final String[] fields;

    HeaderList(String[] fields) {
        this.fields = fields;
    }

    public static HeaderList empty() {
        return EMPTY;
    }

    /** Names and values in turn. */
    public static HeaderList of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header has no value: names and values come in turn");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public int size() {
        return fields.length / 2;
    }

    public String name(int index) {
        return fields[2 * index];
    }

    public String value(int index) {
        return fields[2 * index + 1];
    }

    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** The first value with that name. */
    public Optional<String> first(String name) {
        int index = indexOf(name, 0);
        return index < 0 ? Optional.empty() : Optional.of(value(index));
    }

    /** All values with that name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            values.add(value(i));
        }
        return List.copyOf(values);
    }

    public void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < size(); i++) {
            consumer.accept(name(i), value(i));
        }
    }

    int indexOf(String name, int from) {
        for (int i = from; i < size(); i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderList that && Arrays.equals(fields, that.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        forEach((name, _) -> names.add(name));
        return names.toString();
    }

    /** Collects header fields. Used by one thread. */
    public static final class Builder {
        private final List<String> fields = new ArrayList<>();

        private Builder() {}

        /** Adds a field; refuses names that are not tokens and values that could break out of their line. */
        public Builder add(String name, String value) {
            if (!Octets.isToken(name)) {
                throw new IllegalArgumentException("not a header name: " + name.length() + " chars");
            }
            if (!Octets.isFieldValue(value)) {
                throw new IllegalArgumentException("header " + name + " has a value with control or non-byte chars");
            }
            fields.add(name);
            fields.add(value);
            return this;
        }

        public HeaderList build() {
            return fields.isEmpty() ? EMPTY : new HeaderList(fields.toArray(String[]::new));
        }
    }
}
