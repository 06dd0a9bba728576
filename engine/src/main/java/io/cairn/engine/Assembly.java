package io.cairn.engine;

import io.cairn.base.Checksum;
import io.cairn.base.ChecksumAlgorithm;
import io.cairn.base.Crcs;
import io.cairn.base.Hashes;
import io.cairn.model.BlobRef;
import io.cairn.model.ETag;
import io.cairn.model.ObjectPart;
import io.cairn.model.ObjectRow;
import io.cairn.model.PartRow;
import io.cairn.model.StoredChecksum;
import io.cairn.model.UploadRow;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Puts the chosen parts of an upload together: checks them, and derives size, entity tag and checksum. Owned by one
 * thread.
 */
final class Assembly {
    private final UploadRow upload;
    private final Map<Integer, PartRow> uploaded;
    private final List<PartRow> chosen = new ArrayList<>();
    private Optional<StoredChecksum> checksum = Optional.empty();
    private long size;

    Assembly(UploadRow upload, List<PartRow> uploaded) {
        this.upload = upload;
        this.uploaded = uploaded.stream().collect(Collectors.toMap(PartRow::number, Function.identity()));
    }

    /** Checks the choice; empty when the parts make an object. */
    Optional<CompleteResult> choose(List<PartChoice> choices, Optional<byte[]> expected) {
        for (PartChoice choice : choices) {
            PartRow part = uploaded.get(choice.number());
            if (part == null || !part.etag().equals(choice.etag()) || !sameChecksum(choice, part)) {
                return Optional.of(new CompleteResult.InvalidPart(choice.number()));
            }
            chosen.add(part);
            size += part.size();
        }
        for (PartRow part : chosen.subList(0, chosen.size() - 1)) {
            if (part.size() < Uploads.PART_BYTES_MIN) {
                return Optional.of(new CompleteResult.PartTooSmall(part.number(), part.size()));
            }
        }
        if (size > Uploads.OBJECT_BYTES_MAX) {
            return Optional.of(new CompleteResult.TooLarge(size));
        }
        checksum = combined();
        boolean matches = expected.isEmpty()
                || checksum.isPresent()
                        && Arrays.equals(expected.get(), checksum.get().digest());
        return matches ? Optional.empty() : Optional.of(new CompleteResult.ChecksumMismatch());
    }

    private static boolean sameChecksum(PartChoice choice, PartRow part) {
        return choice.checksum().isEmpty()
                || part.checksum().isPresent()
                        && Arrays.equals(
                                choice.checksum().get(), part.checksum().get().digest());
    }

    /** The finished row, sealed by the given blob. */
    ObjectRow row(BlobRef seal, Instant now) {
        List<ObjectPart> parts = chosen.stream()
                .map(part -> new ObjectPart(part.number(), part.size(), part.blob(), part.checksum()))
                .toList();
        return new ObjectRow(upload.key(), size, etag(), now, upload.headers(), checksum, parts, seal);
    }

    private ETag etag() {
        return etag(chosen.stream().map(PartRow::etag).toList());
    }

    /** The entity tag of an object of these parts. */
    static ETag etag(List<ETag> parts) {
        MessageDigest md5 = Hashes.md5();
        parts.forEach(part -> md5.update(HexFormat.of().parseHex(part.value())));
        return new ETag(HexFormat.of().formatHex(md5.digest()) + "-" + parts.size());
    }

    private Optional<StoredChecksum> combined() {
        if (upload.checksumAlgorithm().isEmpty()
                || chosen.stream().anyMatch(part -> part.checksum().isEmpty())) {
            return Optional.empty();
        }
        ChecksumAlgorithm algorithm = upload.checksumAlgorithm().get();
        StoredChecksum.Kind kind = upload.checksumKind().orElse(StoredChecksum.Kind.COMPOSITE);
        byte[] digest = switch (kind) {
            case FULL_OBJECT -> fullObject(algorithm);
            case COMPOSITE -> composite(algorithm);
        };
        return Optional.of(new StoredChecksum(algorithm, kind, digest));
    }

    private byte[] composite(ChecksumAlgorithm algorithm) {
        Checksum digest = Checksum.of(algorithm);
        for (PartRow part : chosen) {
            byte[] of = part.checksum().orElseThrow().digest();
            digest.update(of, 0, of.length);
        }
        return digest.digest();
    }

    private byte[] fullObject(ChecksumAlgorithm algorithm) {
        byte[] whole = chosen.getFirst().checksum().orElseThrow().digest();
        for (PartRow part : chosen.subList(1, chosen.size())) {
            whole = Crcs.combine(algorithm, whole, part.checksum().orElseThrow().digest(), part.size());
        }
        return whole;
    }
}
