package io.cairn.consensus;

import io.cairn.base.Entropy;
import io.cairn.model.CorruptFault;
import io.cairn.model.DriveFault;
import io.cairn.model.UnavailableFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides from what the members' directories say whether a group is made, or an existing one opened, and with whom. The
 * rule behind all of it: an empty directory is never taken for a member that had been there before. Used by one thread.
 */
final class GroupFormation {
    private final List<RatisMember> members;
    private final Entropy entropy;

    /**
     * Who takes part.
     *
     * @param fresh the group is being made; identities become active once all members have started
     * @param present members that can be started, with their identities
     * @param absent the reason for each configured member that cannot
     */
    record Decision(
            UUID group,
            boolean fresh,
            Map<RatisMember, Identity> present,
            Map<String, String> absent,
            List<Identity.Peer> peers) {}

    GroupFormation(List<RatisMember> members, Entropy entropy) {
        this.members = members;
        this.entropy = entropy;
    }

    Decision decide() throws IOException {
        Map<RatisMember, Identity> found = new LinkedHashMap<>();
        Map<String, String> absent = new LinkedHashMap<>();
        for (RatisMember member : members) {
            read(member, absent).ifPresent(identity -> found.put(member, identity));
        }
        Optional<Identity> elder = found.values().stream()
                .filter(identity -> identity.phase() == Identity.Phase.ACTIVE)
                .max(Comparator.comparingLong(identity -> present(identity, found)));
        return elder.isPresent() ? open(elder.get(), found, absent) : form(found, absent);
    }

    /** How many of those found a member knows: after a change that was cut short the newest list knows most. */
    private static long present(Identity elder, Map<RatisMember, Identity> found) {
        return found.values().stream()
                .filter(one -> elder.peers().contains(new Identity.Peer(one.peer(), one.name())))
                .count();
    }

    private static Optional<Identity> read(RatisMember member, Map<String, String> absent) {
        try {
            return MemberDirectory.identity(member);
        } catch (CorruptFault e) {
            absent.put(member.name(), e.getMessage());
        } catch (IOException e) {
            absent.put(member.name(), "its directory " + member.directory() + " cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    private Decision open(Identity elder, Map<RatisMember, Identity> found, Map<String, String> absent) {
        Map<RatisMember, Identity> present = new LinkedHashMap<>();
        List<Identity.Peer> peers = elder.peers();
        for (RatisMember member : members) {
            Identity identity = found.get(member);
            if (identity == null) {
                absent.computeIfAbsent(member.name(), _ -> missing(member, peers));
                continue;
            }
            if (!identity.group().equals(elder.group())) {
                throw new CorruptFault("the directories of one log belong to different groups: " + member.directory()
                        + " to " + identity.group() + ", another member's to " + elder.group());
            }
            if (!identity.name().equals(member.name())) {
                throw new CorruptFault("the directory " + member.directory() + " belongs to log member "
                        + identity.name() + ", not to " + member.name());
            }
            if (identity.phase() != Identity.Phase.JOINING && !hasLog(member, identity)) {
                absent.put(
                        member.name(),
                        "its log in " + MemberDirectory.log(member, identity.group())
                                + " is gone; the member must be replaced");
                continue;
            }
            present.put(member, identity);
        }
        return new Decision(elder.group(), false, present, absent, peers);
    }

    private static boolean hasLog(RatisMember member, Identity identity) {
        return Files.isRegularFile(MemberDirectory.log(member, identity.group()).resolve("raft-meta"));
    }

    private static String missing(RatisMember member, List<Identity.Peer> peers) {
        boolean known = peers.stream().anyMatch(peer -> peer.name().equals(member.name()));
        return known
                ? "its directory " + member.directory() + " is missing or empty, but it was a member: the drive is not"
                        + " mounted, or the member must be replaced"
                : "it is not a member of the log yet";
    }

    private Decision form(Map<RatisMember, Identity> found, Map<String, String> absent) throws IOException {
        if (!absent.isEmpty()) {
            throw new UnavailableFault("a new log cannot be made: " + absent);
        }
        if (found.values().stream().anyMatch(identity -> identity.phase() == Identity.Phase.JOINING)) {
            throw new UnavailableFault(
                    "only members that were joining are present; the log's other members are missing");
        }
        UUID group = uuid(entropy);
        List<Identity.Peer> peers = new ArrayList<>();
        for (RatisMember member : members) {
            requireEmpty(member);
            peers.add(new Identity.Peer(uuid(entropy), member.name()));
        }
        Map<RatisMember, Identity> present = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            RatisMember member = members.get(i);
            Identity identity = new Identity(group, member.name(), peers.get(i).id(), Identity.Phase.FORMING, peers);
            if (found.containsKey(member)) {
                // The making was cut short: what the state has seen are no commands, and their indexes come again.
                DurableFiles.deleteTree(member.stateDirectory());
            }
            DurableFiles.deleteTree(member.directory().resolve("raft"));
            MemberDirectory.store(member, identity);
            present.put(member, identity);
        }
        return new Decision(group, true, present, absent, peers);
    }

    /** A directory without identity that holds a log or a state is damaged, not new. */
    static void requireEmpty(RatisMember member) throws IOException {
        if (MemberDirectory.identity(member).isEmpty()) {
            for (String trace : List.of("raft", "snapshot", "snapshot.copy")) {
                if (Files.exists(member.directory().resolve(trace))) {
                    throw new DriveFault(
                            DriveFault.Kind.BROKEN,
                            "the directory " + member.directory() + " holds '" + trace + "' of a log but no file '"
                                    + Identity.FILE + "'; it will not be overwritten");
                }
            }
        }
    }

    /** Checks that a directory holds a member of the group, with its log. */
    static void requireMember(RatisMember member, Identity identity, List<Identity.Peer> peers) {
        boolean known = peers.contains(new Identity.Peer(identity.peer(), member.name()));
        if (!known || !hasLog(member, identity)) {
            throw new DriveFault(
                    DriveFault.Kind.BROKEN,
                    "the directory " + member.directory() + " does not hold the log of a present member: "
                            + (known
                                    ? "its log is gone"
                                    : "it belongs to a former or foreign member " + identity.name()));
        }
    }

    static UUID uuid(Entropy entropy) {
        ByteBuffer bytes = ByteBuffer.wrap(entropy.bytes(16));
        long high = (bytes.getLong() & ~0xf000L) | 0x4000L;
        long low = (bytes.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
