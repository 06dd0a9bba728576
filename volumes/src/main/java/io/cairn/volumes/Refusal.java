package io.cairn.volumes;

/** Why an operation was not done. The message is for people: what was refused, why, and what to do about it. */
public record Refusal(Reason reason, String message) {
    /** What kind of reason it is, for those who act on it. */
    public enum Reason {
        /** A name, an option or a size that is not acceptable. */
        INVALID,
        /** No such volume, or no such snapshot. */
        NOT_FOUND,
        /** There is one of that name already, and it is different. */
        EXISTS,
        /** Somebody uses the volume. */
        IN_USE,
        /** Another operation on the volume goes on; ask again later. */
        BUSY,
        /** The pool has no room for what would be promised. */
        NO_SPACE,
        /** The pool is not there, is another one, or takes no writes. */
        POOL_UNAVAILABLE,
        /** This host, or this kind of volume, cannot do it. */
        NOT_SUPPORTED,
        /** The key cannot be had, or does not open the volume. */
        KEY_UNAVAILABLE,
        /** The volume's filesystem needs a person before it can be mounted. */
        DAMAGED
    }

    @Override
    public String toString() {
        return message;
    }
}
