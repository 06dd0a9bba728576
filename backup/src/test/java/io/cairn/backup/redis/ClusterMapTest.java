package io.cairn.backup.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.backup.SourceFault;
import org.junit.jupiter.api.Test;

/** What a node of a cluster says of it. */
final class ClusterMapTest {
    private static final RedisAddress REACHED = RedisAddress.of("10.0.0.1", 7000);
    private static final String WHOLE = """
            aaa :7000@17000 myself,master - 0 0 1 connected 0-5460 16383
            bbb 10.0.0.2:7000@17000,host-b master - 0 1700000000000 2 connected 5461-10922
            ccc 10.0.0.3:7000@17000 master - 0 1700000000000 3 connected 10923-16382
            ddd 10.0.0.4:7000@17000 slave bbb 0 1700000000000 2 connected
            eee 10.0.0.5:7000@17000 master - 0 1700000000000 0 connected
            """;

    @Test
    void nodes_ofAWholeCluster_areItsMastersWithTheirSlots() {
        ClusterMap map = ClusterMap.of(WHOLE, REACHED);
        map.requireWhole(REACHED);
        assertEquals(3, map.masters().size(), "a master without slots has nothing to copy");
        assertEquals(REACHED, map.masters().getFirst().address(), "a node need not know its own address");
        assertEquals("0-5460 16383", map.masters().getFirst().slotWords());
        assertEquals("slots-0-5460+1", map.masters().getFirst().directory());
        assertEquals(RedisAddress.of("10.0.0.2", 7000), map.masters().get(1).address());
    }

    @Test
    void cluster_thatIsNotWhole_isRefused() {
        for (String wrong : new String[] {
            WHOLE.replace(" 16383", ""),
            WHOLE.replace("ccc 10.0.0.3:7000@17000 master", "ccc 10.0.0.3:7000@17000 master,fail"),
            WHOLE.replace("2 connected 5461", "2 disconnected 5461"),
            WHOLE.replace(" 16383", " 16383 [16383->-bbb]")
        }) {
            assertThrows(SourceFault.class, () -> ClusterMap.of(wrong, REACHED).requireWhole(REACHED), wrong);
        }
    }

    @Test
    void maps_afterAFailoverOrAMove_areNotTheSame() {
        ClusterMap map = ClusterMap.of(WHOLE, REACHED);
        assertTrue(map.same(ClusterMap.of(WHOLE.replace("1700000000000", "1800000000000"), REACHED)));
        assertFalse(map.same(ClusterMap.of(WHOLE.replace("bbb", "ddd"), REACHED)));
        assertFalse(
                map.same(ClusterMap.of(WHOLE.replace("5460 16383", "5459 16383").replace("5461-", "5460-"), REACHED)));
    }

    @Test
    void nodesFile_ofAMaster_namesItselfAndAllSlots() {
        ClusterMap map = ClusterMap.of(WHOLE, REACHED);
        assertEquals("""
                aaa 10.0.0.1:7000@17000 master - 0 0 1 connected 0-5460 16383
                bbb 10.0.0.2:7000@17000 myself,master - 0 0 2 connected 5461-10922
                ccc 10.0.0.3:7000@17000 master - 0 0 3 connected 10923-16382
                vars currentEpoch 3 lastVoteEpoch 0
                """, NodesFile.of(map, map.masters().get(1)));
    }
}
