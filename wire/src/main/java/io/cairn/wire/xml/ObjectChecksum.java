package io.cairn.wire.xml;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.wire.payload.ChecksumType;
import java.util.Optional;

/**
 * A checksum as documents hold it.
 *
 * @param base64 its value, with the number of parts behind a dash when it is composite
 * @param type empty where documents do not say it, as with parts
 */
public record ObjectChecksum(ChecksumAlgorithm algorithm, String base64, Optional<ChecksumType> type) {
    /** The element of an algorithm's value, such as {@code ChecksumCRC32C}. */
    static String element(ChecksumAlgorithm algorithm) {
        return "Checksum" + algorithm.s3Name();
    }

    void writeTo(XmlWriter out) {
        out.element(element(algorithm), base64).optional("ChecksumType", type.map(Enum::name));
    }
}
