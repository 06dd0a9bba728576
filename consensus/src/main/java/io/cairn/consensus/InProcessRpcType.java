package io.cairn.consensus;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * The kind of Ratis transport whose members all live in this JVM: direct calls, no port, no serialisation. Public with
 * a public constructor because Ratis makes it from its class name; a network transport takes its place under another
 * name.
 */
public final class InProcessRpcType implements RpcType {
    private static final String NETWORK = "cairn.consensus.network";

    @Override
    public String name() {
        return InProcessRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(this, parameters.getNonNull(NETWORK, MemberNetwork.class));
    }

    static Parameters parameters(MemberNetwork network) {
        Parameters parameters = new Parameters();
        parameters.put(NETWORK, network, MemberNetwork.class);
        return parameters;
    }

    private record Factory(RpcType type, MemberNetwork network) implements ServerFactory {
        @Override
        public RpcType getRpcType() {
            return type;
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new InProcessRpc(type, server, network);
        }
    }
}
