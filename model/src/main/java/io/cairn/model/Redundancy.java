package io.cairn.model;

/**
 * How a blob's stripes are kept over the drives of its placement group. Text forms: {@code copies:3}, {@code ec:4+2}.
 */
public sealed interface Redundancy {
    /** How many drives a stripe is spread over. */
    int width();

    /** How many shards of a stripe are enough to read it. */
    int needed();

    /** How many shards of a stripe must be durable before a write is acknowledged. */
    int quorum();

    /** Whole copies, each on a drive of its own. Acknowledged on a majority. */
    record Copies(int count) implements Redundancy {
        public Copies {
            if (count < 1 || count > 16) {
                throw new IllegalArgumentException("1 to 16 copies are possible, not " + count);
            }
        }

        @Override
        public int width() {
            return count;
        }

        @Override
        public int needed() {
            return 1;
        }

        @Override
        public int quorum() {
            return count / 2 + 1;
        }

        @Override
        public String toString() {
            return "copies:" + count;
        }
    }

    /**
     * Reed–Solomon: any {@code data} of the {@code data + parity} shards are enough. Acknowledged on one more than
     * that.
     */
    record Erasure(int data, int parity) implements Redundancy {
        public Erasure {
            if (data < 2 || data > 16 || parity < 1 || parity > 8) {
                throw new IllegalArgumentException(
                        "erasure coding takes 2 to 16 data and 1 to 8 parity shards, not " + data + "+" + parity);
            }
        }

        @Override
        public int width() {
            return data + parity;
        }

        @Override
        public int needed() {
            return data;
        }

        @Override
        public int quorum() {
            return data + 1;
        }

        @Override
        public String toString() {
            return "ec:" + data + "+" + parity;
        }
    }

    /** Reads {@code copies:N} or {@code ec:K+M}. */
    static Redundancy parse(String text) {
        try {
            if (text.startsWith("copies:")) {
                return new Copies(Integer.parseInt(text.substring("copies:".length())));
            }
            int plus = text.indexOf('+');
            if (text.startsWith("ec:") && plus > 0) {
                return new Erasure(
                        Integer.parseInt(text.substring("ec:".length(), plus)),
                        Integer.parseInt(text.substring(plus + 1)));
            }
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("not a redundancy: '" + text + "'", malformed);
        }
        throw new IllegalArgumentException("not a redundancy: '" + text + "'; expected copies:3 or ec:4+2");
    }
}
