package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which master has which slots of a cluster, as one of its nodes sees it: the masters that have any, by slot. */
record ClusterMap(List<Master> masters, Optional<String> moving) {
    static final int SLOTS = 16_384;

    ClusterMap {
        masters = List.copyOf(masters);
    }

    /** Slots from the first to the last, both included. */
    record Range(int first, int last) {
        static Range of(String word) {
            int dash = word.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? word : word.substring(0, dash));
            return new Range(first, dash < 0 ? first : Integer.parseInt(word.substring(dash + 1)));
        }

        int count() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }

    record Master(String id, RedisAddress address, int busPort, long epoch, List<Range> slots, boolean failed) {
        Master {
            slots = List.copyOf(slots);
        }

        /** The slots as a cluster writes them, with spaces between ranges. */
        String slotWords() {
            return slots.stream().map(Range::toString).collect(Collectors.joining(" "));
        }

        /** A name for its directory: no two masters have the same first slot. */
        String directory() {
            return "slots-" + slots.getFirst() + (slots.size() > 1 ? "+" + (slots.size() - 1) : "");
        }
    }

    /** Reads CLUSTER NODES. {@code reached} is where that node itself is, which it need not know. */
    static ClusterMap of(String nodes, RedisAddress reached) {
        List<Master> masters = new ArrayList<>();
        Optional<String> moving = Optional.empty();
        for (String line : nodes.split("\r?\n")) {
            String[] words = line.split(" ");
            if (words.length >= 8) {
                moving = moving.or(() -> moving(words));
                List<Range> slots = slots(words);
                if (List.of(words[2].split(",")).contains("master") && !slots.isEmpty()) {
                    masters.add(master(words, slots, reached));
                }
            }
        }
        masters.sort(Comparator.comparingInt(master -> master.slots().getFirst().first()));
        return new ClusterMap(masters, moving);
    }

    private static Optional<String> moving(String[] words) {
        for (int i = 8; i < words.length; i++) {
            if (words[i].startsWith("[")) {
                return Optional.of(words[i]);
            }
        }
        return Optional.empty();
    }

    private static List<Range> slots(String[] words) {
        List<Range> slots = new ArrayList<>();
        for (int i = 8; i < words.length; i++) {
            if (!words[i].startsWith("[")) {
                slots.add(Range.of(words[i]));
            }
        }
        return slots;
    }

    private static Master master(String[] words, List<Range> slots, RedisAddress reached) {
        String place = words[1].split(",")[0];
        int bus = place.lastIndexOf('@');
        String client = bus < 0 ? place : place.substring(0, bus);
        int colon = client.lastIndexOf(':');
        String host = client.substring(0, colon);
        int port = Integer.parseInt(client.substring(colon + 1));
        boolean failed = words[2].contains("fail") || !words[7].equals("connected");
        return new Master(
                words[0],
                RedisAddress.of(host.isEmpty() ? reached.host() : host, port),
                bus < 0 ? port + 10_000 : Integer.parseInt(place.substring(bus + 1)),
                Long.parseLong(words[6]),
                slots,
                failed);
    }

    /** A cluster of which a copy would not be whole is refused, with the reason. */
    void requireWhole(RedisAddress seenBy) {
        int covered = masters.stream()
                .flatMap(master -> master.slots().stream())
                .mapToInt(Range::count)
                .sum();
        if (covered != SLOTS) {
            throw new SourceFault.Refused("the cluster at " + seenBy + " serves " + covered + " of " + SLOTS
                    + " slots; bring back or replace the masters of the others (CLUSTER NODES) first");
        }
        masters.stream().filter(Master::failed).findFirst().ifPresent(master -> {
            throw new SourceFault.Unreachable("the master " + master.address() + " of the cluster at " + seenBy
                    + " has failed; try again when a replica has taken over");
        });
        moving.ifPresent(slot -> {
            throw new SourceFault.Unreachable("the cluster at " + seenBy + " is moving slots (" + slot
                    + "); a copy taken now could lack keys on their way; try again after it");
        });
    }

    /** Whether the same masters have the same slots. */
    boolean same(ClusterMap other) {
        return shape().equals(other.shape());
    }

    private List<String> shape() {
        return masters.stream()
                .map(master -> master.id() + " " + master.slotWords())
                .toList();
    }
}
