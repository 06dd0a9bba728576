package io.cairn.backup.point;

import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.backup.Taken;
import io.cairn.repository.Backup;

/** For tests of other packages: a small part, or one that fails. */
public final class SmallPart implements Part {
    private final Part small = new TestPart("postgres", "db1");
    private final boolean fails;

    public SmallPart(boolean fails) {
        this.fails = fails;
    }

    @Override
    public SourceName name() {
        return small.name();
    }

    @Override
    public Taken take(Backup backup) {
        if (fails) {
            throw new SourceFault.Unreachable("nobody answers");
        }
        return small.take(backup);
    }
}
