package io.cairn.metadata;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.model.Encoder;
import java.util.Arrays;

/** One digest over all rows of one moment, to compare members by. */
final class StateDigest {
    private static final byte[] END = new byte[16];

    static {
        Arrays.fill(END, (byte) 0xff);
    }

    private StateDigest() {}

    static byte[] of(Database database) {
        Checksum digest = Checksum.of(ChecksumAlgorithm.SHA256);
        try (Moment moment = database.moment()) {
            for (Family family : Family.values()) {
                try (Cursor cursor = moment.cursor(family, new byte[0], END)) {
                    for (; cursor.valid(); cursor.next()) {
                        add(digest, family, cursor.key(), cursor.value());
                    }
                }
            }
        }
        return digest.digest();
    }

    private static void add(Checksum digest, Family family, byte[] key, byte[] value) {
        if (family == Family.META && Arrays.equals(key, RowKeys.APPLIED)) {
            return;
        }
        byte[] row =
                new Encoder().octet(family.ordinal()).bytes(key).bytes(value).toBytes();
        digest.update(row, 0, row.length);
    }
}
