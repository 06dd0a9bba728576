package io.cairn.acceptance.crash;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The content of one version of an object: made from seeds that no other version has, so that a mixture of two versions
 * is seen, and so that it can be made again instead of being kept.
 *
 * @param pieces one, or the parts of a multipart upload
 * @param etag what S3 answered or must answer; empty when that is not known
 */
record Content(List<Piece> pieces, String etag) {
    /** Random bytes that can be made again. */
    record Piece(long seed, int size) {
        byte[] bytes() {
            byte[] bytes = new byte[size];
            new SplittableRandom(seed).nextBytes(bytes);
            return bytes;
        }

        String md5() {
            return HexFormat.of().formatHex(Md5.of(bytes()));
        }
    }

    Content {
        pieces = List.copyOf(pieces);
    }

    /** An object that is put at once. */
    static Content single(long seed, int size) {
        Piece piece = new Piece(seed, size);
        return new Content(List.of(piece), piece.md5());
    }

    /** An object of parts. */
    static Content parts(List<Piece> pieces) {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        pieces.forEach(piece -> digests.writeBytes(Md5.of(piece.bytes())));
        String etag = HexFormat.of().formatHex(Md5.of(digests.toByteArray())) + "-" + pieces.size();
        return new Content(pieces, etag);
    }

    /** The same bytes under a tag that is not known yet. */
    Content copy(String newEtag) {
        return new Content(pieces, newEtag);
    }

    int size() {
        return pieces.stream().mapToInt(Piece::size).sum();
    }

    boolean is(byte[] bytes) {
        int at = 0;
        if (bytes.length != size()) {
            return false;
        }
        for (Piece piece : pieces) {
            if (!Arrays.equals(bytes, at, at + piece.size(), piece.bytes(), 0, piece.size())) {
                return false;
            }
            at += piece.size();
        }
        return true;
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(size());
        pieces.forEach(piece -> all.writeBytes(piece.bytes()));
        return all.toByteArray();
    }
}
