package io.cairn.consensus;

import java.util.List;
import java.util.function.Supplier;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * What Ratis knows of a member's snapshot. Its index is the mark's, which does not move while entries are applied (a
 * moving one makes Ratis install snapshots for ever); only when the files are asked for, to be sent to a member that
 * lags, is a checkpoint made, and then the index is the checkpoint's. Used by one thread.
 */
final class CheckpointInfo implements SnapshotInfo {
    private final SnapshotMark mark;
    private final Supplier<Checkpoints.Made> maker;
    private Checkpoints.@Nullable Made made;

    CheckpointInfo(SnapshotMark mark, Supplier<Checkpoints.Made> maker) {
        this.mark = mark;
        this.maker = maker;
    }

    @Override
    public TermIndex getTermIndex() {
        SnapshotMark current = made == null ? mark : made.mark();
        return TermIndex.valueOf(current.term(), current.index());
    }

    @Override
    public long getTerm() {
        return getTermIndex().getTerm();
    }

    @Override
    public long getIndex() {
        return getTermIndex().getIndex();
    }

    @Override
    public List<FileInfo> getFiles() {
        if (made == null) {
            made = maker.get();
        }
        return made.files();
    }

    @Override
    public String toString() {
        return "snapshot " + getTermIndex();
    }
}
