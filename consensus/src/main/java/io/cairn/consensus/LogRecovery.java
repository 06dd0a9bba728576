package io.cairn.consensus;

import io.cairn.model.CorruptFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to a member's log before Ratis opens it.
 *
 * <ol>
 *   <li>Everything is made durable: a process that was killed may have left entries in the page cache alone, and Ratis
 *       takes what it reads for durable. After a failed sync the pages may only pretend, so the files are written
 *       again.
 *   <li>Every segment is checked. A torn end of the open segment is cut off when nothing proves that it was committed;
 *       Ratis itself refuses to start on one in a preallocated file, or would cut off whatever follows a flipped bit.
 * </ol>
 *
 * Used by one thread.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);
    private static final String SUSPECT = "suspect";

    private final MemberDirectory directory;
    private final long committedIndex;

    /**
     * @param committedIndex entries up to here are known to be committed and must be readable, as far as they are not
     *     purged
     */
    LogRecovery(MemberDirectory directory, long committedIndex) {
        this.directory = directory;
        this.committedIndex = committedIndex;
    }

    void run() throws IOException {
        Path log = directory.log();
        if (!Files.isDirectory(log)) {
            return;
        }
        List<Path> files = files(log);
        if (Files.exists(directory.root().resolve(SUSPECT))) {
            for (Path file : files) {
                if (!SegmentFile.isClosed(file)) {
                    DurableFiles.replace(file, Files.readAllBytes(file));
                }
            }
            Files.delete(directory.root().resolve(SUSPECT));
        }
        for (Path file : files) {
            DurableFiles.syncFile(file);
        }
        for (Path file : files) {
            if (SegmentFile.isSegment(file)) {
                check(new SegmentFile(file));
            }
        }
        DurableFiles.syncDirectory(log);
    }

    private static List<Path> files(Path log) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(log)) {
            for (Path file : found) {
                String name = file.getFileName().toString();
                if (name.endsWith(".new") || name.endsWith(".tmp")) {
                    Files.delete(file);
                } else if (Files.isRegularFile(file)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private void check(SegmentFile segment) throws IOException {
        SegmentFile.Reading reading = segment.read();
        if (SegmentFile.isClosed(segment.path())) {
            if (reading.entries() != segment.expectedEntries()) {
                throw damaged(
                        segment,
                        reading,
                        "the segment is closed and should hold " + segment.expectedEntries() + " entries, "
                                + reading.entries() + " can be read");
            }
            return;
        }
        if (reading.cleanEnd()) {
            return;
        }
        long lost = segment.firstIndex() + reading.entries();
        long proof = Math.max(committedIndex, segment.committedAfter(reading.end()));
        if (lost <= proof) {
            throw damaged(segment, reading, "entry " + lost + " cannot be read, and up to " + proof + " was committed");
        }
        LOG.warn(
                "cut {} bytes of unfinished writes off the end of {} after entry {}",
                Files.size(segment.path()) - reading.end(),
                segment.path(),
                lost - 1);
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            channel.truncate(reading.end());
            channel.force(true);
        }
    }

    private CorruptFault damaged(SegmentFile segment, SegmentFile.Reading reading, String what) {
        return new CorruptFault("the log of member " + directory.member().name() + " is damaged in " + segment.path()
                + " at byte " + reading.end() + ": " + what);
    }

    /** Notes that the last writes of a member that failed cannot be trusted, as well as its drive allows. */
    static void suspect(MemberDirectory directory) {
        try {
            directory.checkPresent();
            DurableFiles.replace(directory.root().resolve(SUSPECT), new byte[0]);
        } catch (IOException e) {
            LOG.info(
                    "the failed log member {} cannot be marked: {}",
                    directory.member().name(),
                    e.getMessage());
        }
    }
}
