package io.cairn.backup;

/** How a source of one kind is made from the word that names it. Opens no connection yet. */
@FunctionalInterface
public interface SourceFactory {
    /** What is wrong with the word is a {@link SourceFault.Refused}. */
    Part open(SourceSpec spec, Secrets secrets);
}
