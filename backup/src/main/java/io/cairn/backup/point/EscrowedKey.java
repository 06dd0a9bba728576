package io.cairn.backup.point;

import io.cairn.base.Checks;
import java.util.regex.Pattern;

/**
 * A key that is needed after the loss of a host, as it is kept in a recovery point. {@code says} tells people what it
 * opens; {@code content} is what is written to a file again. Not printed.
 */
public record EscrowedKey(String name, String says, byte[] content) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]{0,99}");

    public EscrowedKey {
        Checks.check(NAME.matcher(name).matches(), "an escrowed key has the name of a file, not %s", name);
    }

    @Override
    public String toString() {
        return "key " + name;
    }
}
