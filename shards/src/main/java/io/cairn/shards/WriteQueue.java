package io.cairn.shards;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The bounded queue in front of a drive's writer. Callers wait while it is full. Safe for use by many threads. */
final class WriteQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Deque<WriteRequest> requests = new ArrayDeque<>();
    private final long bytesMax;
    private final int recordsMax;
    private long bytes;
    private boolean closed;
    private boolean refusing;

    WriteQueue(long bytesMax, int recordsMax) {
        this.bytesMax = bytesMax;
        this.recordsMax = recordsMax;
    }

    /**
     * Adds a request, waiting for room; false when the queue is closed or refuses for now. A request larger than the
     * bound waits to be alone.
     */
    boolean add(WriteRequest request) {
        lock.lock();
        try {
            while (!closed && !refusing && !requests.isEmpty() && !fits(request)) {
                drained.awaitUninterruptibly();
            }
            if (closed || refusing) {
                return false;
            }
            requests.add(request);
            bytes += request.bytes();
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(WriteRequest request) {
        return requests.size() < recordsMax && bytes + request.bytes() <= bytesMax;
    }

    /** The next requests that may share a sync: at least one; waits for it. Empty once closed and drained. */
    List<WriteRequest> take(long batchBytesMax, int batchRecordsMax) {
        lock.lock();
        try {
            while (requests.isEmpty() && !closed) {
                filled.awaitUninterruptibly();
            }
            return drain(batchBytesMax, batchRecordsMax);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #take}, without waiting. */
    List<WriteRequest> poll(long batchBytesMax, int batchRecordsMax) {
        lock.lock();
        try {
            return drain(batchBytesMax, batchRecordsMax);
        } finally {
            lock.unlock();
        }
    }

    private List<WriteRequest> drain(long batchBytesMax, int batchRecordsMax) {
        List<WriteRequest> batch = new ArrayList<>();
        long taken = 0;
        while (!requests.isEmpty() && batch.size() < batchRecordsMax) {
            long next = requests.getFirst().bytes();
            if (!batch.isEmpty() && taken + next > batchBytesMax) {
                break;
            }
            taken += next;
            batch.add(requests.removeFirst());
        }
        bytes -= taken;
        drained.signalAll();
        return batch;
    }

    /** Lets nobody in until {@link #admit}, and gives back what was waiting. */
    List<WriteRequest> refuse() {
        lock.lock();
        try {
            refusing = true;
            List<WriteRequest> waiting = new ArrayList<>(requests);
            requests.clear();
            bytes = 0;
            drained.signalAll();
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    void admit() {
        lock.lock();
        try {
            refusing = false;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int depth() {
        lock.lock();
        try {
            return requests.size();
        } finally {
            lock.unlock();
        }
    }

    long waitingBytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
