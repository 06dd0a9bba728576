package io.cairn.simulation.s3;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node for all tests of a class, and a fresh bucket for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class S3FaceTest {
    private static final AtomicInteger BUCKETS = new AtomicInteger();

    S3Node node;
    S3Client client;
    String bucket;

    @BeforeAll
    void start(@TempDir Path root) {
        node = S3Node.start(root);
        client = new S3Client(node.address(), S3Node.ACCESS_KEY, S3Node.SECRET_KEY);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @BeforeEach
    void makeBucket() {
        bucket = "/bucket-" + BUCKETS.incrementAndGet();
        client.put(bucket, "");
    }

    String name() {
        return bucket.substring(1);
    }
}
