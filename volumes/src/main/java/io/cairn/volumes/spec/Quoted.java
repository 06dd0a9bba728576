package io.cairn.volumes.spec;

/** Hostile text made fit for a message: printable, in quotes, and not longer than a line. Stateless. */
public final class Quoted {
    private static final int CHARS_MAX = 80;

    private Quoted() {}

    public static String of(String text) {
        StringBuilder shown = new StringBuilder("'");
        int end = Math.min(text.length(), CHARS_MAX);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c == 0x7f || Character.isSurrogate(c) || Character.isISOControl(c) ? '?' : c);
        }
        return shown.append(text.length() > CHARS_MAX ? "…' (" + text.length() + " characters)" : "'")
                .toString();
    }
}
