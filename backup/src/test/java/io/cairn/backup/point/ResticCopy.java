package io.cairn.backup.point;

import io.cairn.backup.MemoryBackend;
import io.cairn.repository.Notes;
import io.cairn.repository.Repository;
import io.cairn.repository.Snapshot;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code restic copy} does to snapshots: the same trees and tags, under other ids. Stateless. */
final class ResticCopy {
    private ResticCopy() {}

    static void rewriteSnapshots(MemoryBackend backend, Repository repository) {
        for (Snapshot snapshot : repository.snapshots()) {
            Map<String, Object> fields = new LinkedHashMap<>(snapshot.fields());
            fields.remove("parent");
            fields.put("original", snapshot.id().toString());
            FileName scratch = new FileName(Area.HOLDS, "scratch");
            new Notes(repository).save(scratch, fields);
            byte[] sealed = backend.load(scratch);
            backend.delete(scratch);
            backend.save(new FileName(Area.SNAPSHOTS, hash(sealed)), sealed, sealed.length);
            backend.delete(new FileName(Area.SNAPSHOTS, snapshot.id().toString()));
        }
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
