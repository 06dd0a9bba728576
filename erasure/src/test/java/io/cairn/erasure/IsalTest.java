package io.cairn.erasure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.testkit.Isal;
import io.cairn.testkit.Property;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Our parity against Intel's library, byte for byte. */
@Tag("acceptance")
final class IsalTest {
    @Test
    void encode_ofAnyScheme_givesIsalsParity() {
        assumeTrue(Isal.stripe(Isal.ENCODER, 1, 1, 1).isPresent(), "libisal2 is not installed");
        Property.holds(100, random -> {
            ErasureScheme scheme = new ErasureScheme(1 + random.nextInt(16), 1 + random.nextInt(8));
            int length = 1 + random.nextInt(1000);
            byte[][] data = new byte[scheme.data()][length];
            byte[][] parity = new byte[scheme.parity()][length];
            Optional<Isal> isal = Isal.stripe(Isal.ENCODER, scheme.data(), scheme.parity(), length);
            for (int shard = 0; shard < scheme.data(); shard++) {
                random.nextBytes(data[shard]);
                isal.orElseThrow().data(shard, data[shard]);
            }
            isal.orElseThrow().encode();
            ErasureCode.scalar(scheme).encode(data, parity, 0, length);
            for (int shard = 0; shard < scheme.parity(); shard++) {
                assertArrayEquals(isal.orElseThrow().parity(shard), parity[shard], scheme + ", parity " + shard);
            }
        });
    }
}
