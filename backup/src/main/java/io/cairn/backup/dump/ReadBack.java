package io.cairn.backup.dump;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A {@code pg_restore} that reads the archive as it passes by, to its last byte, and throws away what it makes of it:
 * an archive that it cannot read is found now and not on the day of need. One thread.
 */
final class ReadBack implements AutoCloseable {
    private final Process process;
    private final CompletableFuture<String> errors;

    private ReadBack(Process process) {
        this.process = process;
        this.errors = LocalPrograms.tail(process.getErrorStream());
    }

    /** Whether these programs can. */
    static boolean possible(Path directory) {
        return Files.isExecutable(directory.resolve("pg_restore"));
    }

    static ReadBack start(Path directory) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                            directory.resolve("pg_restore").toString(), "--format=custom", "--file=/dev/null")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C");
            return new ReadBack(builder.start());
        } catch (IOException failed) {
            throw new SourceFault.Refused("pg_restore in " + directory + " cannot be started (" + failed.getMessage()
                    + "); it reads every dump back while it is taken");
        }
    }

    void write(byte[] bytes, int offset, int length) {
        try {
            process.getOutputStream().write(bytes, offset, length);
        } catch (IOException gone) {
            throw unreadable(gone);
        }
    }

    /** The archive is complete: it must have liked it. */
    void finish() {
        try {
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw unreadable(new IOException("status " + process.exitValue()));
            }
        } catch (IOException gone) {
            throw unreadable(gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SourceFault.Unreachable("the dump was interrupted; run it again", interrupted);
        }
    }

    private SourceFault unreadable(IOException cause) {
        process.destroy();
        return new SourceFault.Damaged(
                "pg_restore cannot read what pg_dump prints (" + cause.getMessage() + "): " + errors.join()
                        + "; it was thrown away; run the backup again",
                cause);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
