package io.cairn.backup.command;

import io.cairn.backup.Part;
import io.cairn.backup.SourceFault;
import io.cairn.backup.SourceName;
import io.cairn.backup.Taken;
import io.cairn.repository.Backup;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A part with commands around its copy. The command after runs exactly when the one before was begun, also when that
 * failed half-way, the copy failed, or this process was killed ({@link Thaw}). One use, one thread.
 */
public final class Hooked implements Part {
    private final Part part;
    private final Hooks hooks;

    public Hooked(Part part, Hooks hooks) {
        this.part = part;
        this.hooks = hooks;
    }

    @Override
    public SourceName name() {
        return part.name();
    }

    @Override
    public Taken take(Backup backup) {
        if (hooks.after().isEmpty()) {
            quiesce();
            return part.take(backup);
        }
        try (Thaw _ = Thaw.promise(hooks)) {
            quiesce();
            return part.take(backup);
        }
    }

    private void quiesce() {
        if (!hooks.before().isEmpty()) {
            try (Program program = Program.start(hooks.before(), hooks.timeout())) {
                program.output().transferTo(OutputStream.nullOutputStream());
                program.finish();
            } catch (IOException broken) {
                throw new SourceFault.Unreachable("the output of the command before the copy broke", broken);
            }
        }
    }

    @Override
    public void close() {
        part.close();
    }
}
