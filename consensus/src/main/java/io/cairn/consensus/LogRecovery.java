package io.cairn.consensus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is done to a member's log before Ratis opens it: whatever the files say is made durable first, since a process
 * that was killed may have left entries in the page cache alone, and Ratis takes everything it reads for durable. Used by
 * one thread.
 */
final class LogRecovery {
    private final MemberDirectory directory;

    LogRecovery(MemberDirectory directory) {
        this.directory = directory;
    }

    void run() throws IOException {
        Path log = directory.log();
        if (!Files.isDirectory(log)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                DurableFiles.syncFile(file);
            }
        }
        DurableFiles.syncDirectory(log);
    }

    /** Notes that the last writes of the member cannot be trusted. */
    static void suspect(MemberDirectory directory) {}
}
