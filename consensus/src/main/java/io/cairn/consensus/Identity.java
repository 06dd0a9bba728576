package io.cairn.consensus;

import io.cairn.model.CorruptFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a member's directory says about itself: the group, the member's name, this incarnation of it (the Raft peer; a
 * directory that was emptied and joined again is another peer) and the peers known when it was written. The page is
 * {@code docs/formats/log-member.md}.
 */
record Identity(UUID group, String name, UUID peer, Phase phase, List<Peer> peers) {
    static final String FILE = "member";
    private static final String TITLE = "cairn-log-member 1";

    /** How far the member's birth has come. */
    enum Phase {
        /** The group is being made; nothing was ever acknowledged. */
        FORMING,
        /** The member is being added to a group that exists. */
        JOINING,
        /** The member has voted or acknowledged, or may have. */
        ACTIVE
    }

    /** A member as the group knows it. */
    record Peer(UUID id, String name) {}

    Identity {
        peers = List.copyOf(peers);
    }

    /** The two files that hold the identity of a directory. */
    static TwinFile<Identity> files(Path directory) {
        Path file = directory.resolve(FILE);
        return new TwinFile<>(file, bytes -> decode(file.toString(), bytes));
    }

    Identity with(Phase next, List<Peer> known) {
        return new Identity(group, name, peer, next, known);
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder(256);
        text.append(TITLE).append('\n');
        text.append("group ").append(group).append('\n');
        text.append("name ").append(name).append('\n');
        text.append("peer ").append(peer).append('\n');
        text.append("phase ")
                .append(phase.name().toLowerCase(java.util.Locale.ROOT))
                .append('\n');
        for (Peer known : peers) {
            text.append("member ")
                    .append(known.id())
                    .append(' ')
                    .append(known.name())
                    .append('\n');
        }
        String sealed = text + "crc32c " + crc(text.toString()) + "\n";
        return sealed.getBytes(StandardCharsets.UTF_8);
    }

    static Identity decode(String where, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int seal = text.lastIndexOf("crc32c ");
        if (seal < 0 || !text.substring(seal).equals("crc32c " + crc(text.substring(0, seal)) + "\n")) {
            throw new CorruptFault("the log member file " + where + " is damaged: its CRC32C does not match");
        }
        String[] lines = text.substring(0, seal).split("\n", -1);
        if (!lines[0].equals(TITLE)) {
            throw new CorruptFault(
                    "the log member file " + where + " says '" + lines[0] + "', expected '" + TITLE + "'");
        }
        try {
            List<Peer> peers = new ArrayList<>();
            for (int i = 5; i < lines.length - 1; i++) {
                String[] words = value(lines[i], "member").split(" ", 2);
                peers.add(new Peer(UUID.fromString(words[0]), words[1]));
            }
            return new Identity(
                    UUID.fromString(value(lines[1], "group")),
                    value(lines[2], "name"),
                    UUID.fromString(value(lines[3], "peer")),
                    Phase.valueOf(value(lines[4], "phase").toUpperCase(java.util.Locale.ROOT)),
                    peers);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CorruptFault("the log member file " + where + " cannot be read: " + e.getMessage());
        }
    }

    private static String value(String line, String key) {
        if (!line.startsWith(key + " ")) {
            throw new IllegalArgumentException("found '" + line + "', expected '" + key + " …'");
        }
        return line.substring(key.length() + 1);
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
