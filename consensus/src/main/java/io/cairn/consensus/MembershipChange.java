package io.cairn.consensus;

import io.cairn.model.DriveFault;
import io.cairn.model.UnavailableFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.rpc.CallId;

/**
 * One change of the group: a new incarnation joins, and may take the place of a lost one. The newcomer is caught up
 * from the log or by a checkpoint before it counts; until its identity says {@code active} a crash leaves it joining,
 * and asking again goes on with it. Used by one thread.
 */
final class MembershipChange {
    private final Member.Surroundings around;
    private final Member leader;
    private final List<Identity.Peer> peers;

    /** The newcomer, and the group as it is now. */
    record Done(Member newcomer, List<Identity.Peer> peers) {}

    MembershipChange(Member.Surroundings around, Member leader, List<Identity.Peer> peers) {
        this.around = around;
        this.leader = leader;
        this.peers = peers;
    }

    Done run(Optional<String> lost, RatisMember fresh, UUID peer) throws IOException {
        UUID group = leader.directory().identity().group();
        Identity identity = identity(fresh, group, peer);
        List<Identity.Peer> next = new ArrayList<>();
        peers.stream().filter(one -> !lost.equals(Optional.of(one.name()))).forEach(next::add);
        next.add(new Identity.Peer(identity.peer(), fresh.name()));
        identity = identity.with(Identity.Phase.JOINING, next);
        MemberDirectory.store(fresh, identity);
        Member newcomer = Member.start(fresh, identity, Member.Manner.JOIN, around);
        try {
            configure(next);
        } catch (IOException | RuntimeException e) {
            newcomer.close();
            throw e;
        }
        return new Done(newcomer, List.copyOf(next));
    }

    private static Identity identity(RatisMember fresh, UUID group, UUID peer) throws IOException {
        Optional<Identity> old = MemberDirectory.identity(fresh);
        if (old.isEmpty()) {
            GroupFormation.requireEmpty(fresh);
            return new Identity(group, fresh.name(), peer, Identity.Phase.JOINING, List.of());
        }
        if (old.get().group().equals(group)
                && old.get().name().equals(fresh.name())
                && old.get().phase() == Identity.Phase.JOINING) {
            return old.get();
        }
        throw new DriveFault(
                DriveFault.Kind.BROKEN,
                "the directory " + fresh.directory() + " belongs to log member "
                        + old.get().name() + " of group " + old.get().group() + "; it must be empty to join");
    }

    private void configure(List<Identity.Peer> next) throws IOException {
        RaftClientReply reply = leader.server()
                .setConfiguration(new SetConfigurationRequest(
                        ClientId.randomId(),
                        leader.peerId(),
                        leader.groupId(),
                        CallId.getAndIncrement(),
                        SetConfigurationRequest.Arguments.newBuilder()
                                .setServersInNewConf(
                                        next.stream().map(Member::raftPeer).toList())
                                .build()));
        if (!reply.isSuccess()) {
            throw new UnavailableFault("the log's members were not changed: " + reply.getException());
        }
    }
}
