package io.cairn.consensus;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerRpc;

/**
 * One member's end of the in-process transport. Beyond carrying calls it owes two things to durability, as every
 * transport that replaces it does: a vote is asked for and answered only after the name of the file that records it is
 * durable (Ratis renames that file without syncing its directory), and the last part of a checkpoint is answered only
 * when the receiver has made it its state. Safe for use by many threads.
 */
final class InProcessRpc implements RaftServerRpc {
    private static final Duration RESTORE_LIMIT = Duration.ofMinutes(30);

    private final RpcType type;
    private final RaftServer self;
    private final MemberNetwork network;
    private final Duration limit;

    InProcessRpc(RpcType type, RaftServer self, MemberNetwork network) {
        this.type = type;
        this.self = self;
        this.network = network;
        this.limit = Duration.ofMillis(
                RaftServerConfigKeys.Rpc.requestTimeout(self.getProperties()).toLong(TimeUnit.MILLISECONDS));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        return network.call(target(request.getServerRequest()), limit, server -> server.appendEntries(request));
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        network.settle(self.getId());
        return network.callAndSettle(target(request.getServerRequest()), limit, server -> server.requestVote(request));
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        RaftPeerId target = target(request.getServerRequest());
        return request.hasSnapshotChunk() && request.getSnapshotChunk().getDone()
                ? network.callAndRestore(target, RESTORE_LIMIT, server -> server.installSnapshot(request))
                : network.call(target, limit, server -> server.installSnapshot(request));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
            throws IOException {
        return network.call(target(request.getServerRequest()), limit, server -> server.startLeaderElection(request));
    }

    private static RaftPeerId target(RaftRpcRequestProto request) {
        return RaftPeerId.valueOf(request.getReplyId());
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    @Override
    @SuppressWarnings("NullAway") // Ratis takes null for a member that has no address.
    public InetSocketAddress getInetSocketAddress() {
        return null;
    }

    @Override
    public void handleException(RaftPeerId peer, Exception e, boolean reconnect) {
        // There is no connection to repair.
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
        // Members are found by the network they are attached to.
    }

    @Override
    public void start() {
        // Calls arrive as soon as the member is attached to the network.
    }

    @Override
    public void close() {
        network.detach(self.getId());
    }
}
