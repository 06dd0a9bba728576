package io.cairn.docker;

/** A call that is answered with an error: one sentence, which Docker shows to whoever asked. */
final class PluginRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    PluginRefusal(String sentence) {
        super(sentence, null, false, false);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
