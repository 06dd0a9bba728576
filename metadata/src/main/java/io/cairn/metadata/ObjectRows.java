package io.cairn.metadata;

import io.cairn.model.CorruptFault;
import io.cairn.model.ObjectKey;
import io.cairn.model.ObjectRow;
import io.cairn.model.RowCodec;
import java.util.Optional;
import java.util.function.BiFunction;

/** Object rows put together from the families that they are spread over. */
final class ObjectRows {
    private ObjectRows() {}

    /** @param rows gives the row of a family and key, as of the moment that {@code value} is of */
    static ObjectRow decode(ObjectKey key, byte[] value, BiFunction<Family, byte[], Optional<byte[]>> rows) {
        return RowCodec.decodeObject(
                key,
                value,
                (seal, number) -> rows.apply(Family.MANIFESTS, RowKeys.manifest(seal, number))
                        .orElseThrow(() -> new CorruptFault(
                                "the object '" + key + "' lacks manifest " + number + " of its parts, seal " + seal)));
    }

    /** How many manifest rows the object has. */
    static int manifests(ObjectRow row) {
        int parts = row.parts().size();
        return parts <= RowCodec.INLINE_PARTS_MAX ? 0 : Math.ceilDiv(parts, RowCodec.MANIFEST_PARTS);
    }
}
