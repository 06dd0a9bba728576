package io.cairn.repository;

import io.cairn.repository.cut.Cutter;
import io.cairn.repository.cut.Cutters;
import io.cairn.repository.cut.DataClass;
import io.cairn.repository.pack.BlobSink;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.RepositoryFault;
import io.cairn.repository.tree.FileTree;
import io.cairn.repository.tree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Stores the content of files and streams. A small file is read, cut and stored by the thread that asks; a large one is
 * read and cut by that thread, and its pieces are stored by the workers. Safe for use by many threads.
 */
final class FileStorer {
    /** Files from this size on are shared among the workers. */
    static final int LARGE = 1 << 20;

    private static final int BUFFER_MIN = 1 << 20;
    private static final int PIECES_WAITING = 512;
    private static final ThreadLocal<byte[]> SMALL = ThreadLocal.withInitial(() -> new byte[LARGE]);

    private final BlobSink sink;
    private final Cutters cutters;
    private final Workers workers;
    private final Progress progress;
    private final Optional<DataClass> forced;

    FileStorer(BlobSink sink, Cutters cutters, Workers workers, Progress progress, Optional<DataClass> forced) {
        this.sink = sink;
        this.cutters = cutters;
        this.workers = workers;
        this.progress = progress;
        this.forced = forced;
    }

    /** Where content comes from: fills the buffer, 0 only at the end; and tells of holes. */
    interface Content {
        int read(byte[] target, int offset, int length, long position);

        /** Zeros that need not be read, from {@code position} on. */
        default long hole(long position) {
            return 0;
        }
    }

    /** A list of blobs and the bytes in them. */
    record Stored(List<Id> blobs, long size) {}

    /** Stores a file that is small, or {@code whole} if it is not; the node has its content afterwards. */
    Node file(FileTree files, String path, Node node) {
        try (FileTree.OpenFile file = files.open(path)) {
            long size = node.size();
            Content content = new Content() {
                @Override
                public int read(byte[] target, int offset, int length, long position) {
                    return file.read(target, offset, length, position);
                }

                @Override
                public long hole(long position) {
                    return size < LARGE || position >= size ? 0 : file.hole(position, size);
                }
            };
            Stored stored = store(content, size, forced);
            return node.withContent(stored.blobs(), stored.size());
        }
    }

    /** Stores content of {@code size} bytes, as far as that is known; {@code dataClass} empty: by its first bytes. */
    Stored store(Content content, long size, Optional<DataClass> dataClass) {
        return size < LARGE ? small(content, size, dataClass) : large(content, size, dataClass);
    }

    /** Reads up to one byte less than the buffer; a file that grew beyond it is large after all. */
    private Stored small(Content content, long size, Optional<DataClass> chosen) {
        byte[] buffer = SMALL.get();
        int length = fill(content, buffer, 0, buffer.length, 0);
        if (length == buffer.length) {
            return large(content, size, chosen);
        }
        DataClass dataClass = chosen.orElse(DataClass.of(buffer, length, length));
        Cutter cutter = cutters.of(dataClass, length);
        List<Id> blobs = new ArrayList<>(2);
        int at = 0;
        while (at < length) {
            int piece = cutter.cut(buffer, at, length - at);
            blobs.add(sink.data(buffer, at, piece, dataClass));
            at += piece;
        }
        progress.done(length);
        return new Stored(blobs, length);
    }

    private static int fill(Content content, byte[] buffer, int from, int to, long position) {
        int at = from;
        while (at < to) {
            int count = content.read(buffer, at, to - at, position + at - from);
            if (count <= 0) {
                break;
            }
            at += count;
        }
        return at;
    }

    /** Stores content of any length, {@code size} being what is known of it. */
    Stored large(Content content, long size) {
        return large(content, size, forced);
    }

    private Stored large(Content content, long size, Optional<DataClass> chosen) {
        byte[] buffer = new byte[BUFFER_MIN];
        int length = fill(content, buffer, 0, buffer.length, 0);
        DataClass dataClass = chosen.orElse(DataClass.of(buffer, length, size));
        Cutter cutter = cutters.of(dataClass, size);
        if (buffer.length < 2 * cutter.max()) {
            buffer = Arrays.copyOf(buffer, 2 * cutter.max());
        }
        var pieces = new Pieces(dataClass);
        boolean end = length < BUFFER_MIN;
        long position = 0;
        int at = 0;
        while (true) {
            if (!end && length - at < cutter.max()) {
                long hole = skipHole(content, cutter, pieces, position);
                at = hole > 0 ? length : at;
                position += hole;
                System.arraycopy(buffer, at, buffer, 0, length - at);
                length -= at;
                at = 0;
                int filled = fill(content, buffer, length, buffer.length, position + length);
                end = filled < buffer.length;
                length = filled;
            }
            if (at == length) {
                return pieces.finish(position);
            }
            int piece = cutter.cut(buffer, at, length - at);
            pieces.add(buffer, at, piece);
            at += piece;
            position += piece;
        }
    }

    /**
     * Stores content in pages, of which only those in the ranges are read. The others are the earlier ones, or zeros
     * where there is none; one that was shorter then is read too.
     */
    Stored pages(Content content, long size, List<PageRange> ranges, List<Id> earlier, long earlierSize) {
        int page = cutters.of(DataClass.PAGES, size).max();
        byte[] buffer = new byte[page];
        var pieces = new Pieces(DataClass.PAGES);
        int range = 0;
        int number = 0;
        for (long position = 0; position < size; position += page) {
            int length = (int) Math.min(page, size - position);
            while (range < ranges.size() && ranges.get(range).end() <= position) {
                range++;
            }
            boolean changed = range < ranges.size() && ranges.get(range).offset() < position + length;
            boolean known = number < earlier.size() && Math.min(page, earlierSize - position) == length;
            if (changed || (!known && number < earlier.size())) {
                if (fill(content, buffer, 0, length, position) != length) {
                    throw new RepositoryFault.Source("the image ends before byte " + (position + length));
                }
                pieces.add(buffer, 0, length);
            } else if (known) {
                pieces.addKnown(earlier.get(number), length);
            } else {
                pieces.addZeros(length);
            }
            number++;
        }
        return pieces.finish(size);
    }

    /** True when content of those pages was cut as {@link #pages} cuts content of {@code size} bytes. */
    boolean samePages(List<Integer> lengths, long earlierSize, long size) {
        int page = cutters.of(DataClass.PAGES, size).max();
        for (int i = 0; i < lengths.size(); i++) {
            if (lengths.get(i) != Math.min(page, earlierSize - (long) i * page)) {
                return false;
            }
        }
        return (long) lengths.size() * page >= earlierSize;
    }

    /**
     * A hole is zeros in pieces of the greatest length, which is how zeros are cut; it is longer than what was read
     * ahead.
     */
    private static long skipHole(Content content, Cutter cutter, Pieces pieces, long position) {
        long hole = content.hole(position) / cutter.max() * cutter.max();
        for (long done = 0; done < hole; done += cutter.max()) {
            pieces.addZeros(cutter.max());
        }
        return hole;
    }

    /** The pieces of one file in their order, some of them still with the workers. One thread. */
    private final class Pieces {
        private final DataClass dataClass;
        private final List<Id> blobs = new ArrayList<>();
        private final ArrayDeque<CompletableFuture<Id>> waiting = new ArrayDeque<>();
        private final Map<Integer, Id> zeros = new HashMap<>();

        Pieces(DataClass dataClass) {
            this.dataClass = dataClass;
        }

        void add(byte[] buffer, int at, int length) {
            byte[] piece = Arrays.copyOfRange(buffer, at, at + length);
            enqueue(workers.submit(length, () -> {
                Id id = sink.data(piece, 0, piece.length, dataClass);
                progress.done(piece.length);
                return id;
            }));
        }

        void addZeros(int length) {
            addKnown(zeros.computeIfAbsent(length, n -> sink.data(new byte[n], 0, n, dataClass)), length);
        }

        void addKnown(Id id, int length) {
            if (waiting.isEmpty()) {
                blobs.add(id);
            } else {
                enqueue(CompletableFuture.completedFuture(id));
            }
            progress.done(length);
        }

        private void enqueue(CompletableFuture<Id> piece) {
            waiting.add(piece);
            if (waiting.size() > PIECES_WAITING) {
                blobs.add(Workers.result(waiting.remove()));
            }
        }

        private void drain() {
            while (!waiting.isEmpty()) {
                blobs.add(Workers.result(waiting.remove()));
            }
        }

        Stored finish(long size) {
            drain();
            return new Stored(blobs, size);
        }
    }
}
