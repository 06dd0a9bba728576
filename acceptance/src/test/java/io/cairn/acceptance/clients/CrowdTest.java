package io.cairn.acceptance.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.cairn.acceptance.RunningCairn;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Memory stays bounded whatever clients do: ten thousand idle connections, a thousand uploads that trickle, two hundred
 * readers that hardly read, all at once, against the daemon with its flags of production; somebody who behaves is
 * served meanwhile.
 */
@Tag("slow")
final class CrowdTest {
    private static final int IDLE = Integer.getInteger("cairn.idle", 10_000);
    private static final int UPLOADS = Integer.getInteger("cairn.uploads", 1_000);
    private static final int READERS = 200;
    private static final int SPARE_FILES = 500;
    private static final int UPLOAD_BYTES = 16 << 20;
    private static final int TRICKLE_BYTES = 4 << 10;
    private static final Duration CROWDED = Duration.ofSeconds(30);
    private static final Duration SERVED_MAX = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void crowd_ofSlowClients_leavesMemoryBoundedAndOthersServed() throws Exception {
        long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        assumeTrue(
                files > IDLE + UPLOADS + READERS + SPARE_FILES,
                "needs more open files than `ulimit -n` allows: " + files);
        try (RunningCairn cairn = RunningCairn.on(directory.resolve("drive")).start();
                S3Client s3 = client(cairn);
                S3Presigner presigner = presigner(cairn);
                Crowd crowd = new Crowd(cairn)) {
            s3.createBucket(request -> request.bucket("crowd"));
            s3.putObject(
                    request -> request.bucket("crowd").key("large"),
                    RequestBody.fromBytes(Samples.bytes(1, UPLOAD_BYTES * 4)));
            System.out.println("resident before, MiB: " + String.valueOf(cairn.residentBytes() >> 20));
            crowd.idle(IDLE);
            URI get = presigner
                    .presignGetObject(request -> request.signatureDuration(Duration.ofHours(1))
                            .getObjectRequest(object -> object.bucket("crowd").key("large")))
                    .url()
                    .toURI();
            crowd.readers(READERS, get);
            for (int i = 0; i < UPLOADS; i++) {
                String key = "slow/" + i;
                crowd.upload(presigner
                        .presignPutObject(request -> request.signatureDuration(Duration.ofHours(1))
                                .putObjectRequest(
                                        object -> object.bucket("crowd").key(key)))
                        .url()
                        .toURI());
            }
            long end = System.nanoTime() + CROWDED.toNanos();
            while (System.nanoTime() < end) {
                crowd.trickle();
                assertTrue(cairn.residentBytes() < Samples.GIB, () -> "resident " + cairn.residentBytes());
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
            long begun = System.nanoTime();
            assertTimeoutPreemptively(SERVED_MAX, () -> isServed(s3));
            System.out.println(
                    "served: " + Duration.ofNanos(System.nanoTime() - begun).toString());
            System.out.println("uploads still open: " + String.valueOf(crowd.openUploads()));
            System.out.println("resident at most, MiB: " + String.valueOf(cairn.residentBytesMax() >> 20));
            assertTrue(cairn.residentBytesMax() < Samples.GIB, () -> "resident " + cairn.residentBytesMax());
            // Nothing of what was never finished is there.
            assertEquals(
                    0,
                    s3.listObjectsV2(request -> request.bucket("crowd").prefix("slow/"))
                            .keyCount());
        }
    }

    /** Small and large objects, written and read back, with the retries that every SDK has. */
    private static void isServed(S3Client s3) {
        for (int i = 0; i < 30; i++) {
            String key = "healthy/" + i;
            byte[] content = Samples.bytes(i, i % 10 == 0 ? 3_000_000 : 20_000);
            s3.putObject(request -> request.bucket("crowd").key(key), RequestBody.fromBytes(content));
            assertArrayEquals(
                    content,
                    s3.getObjectAsBytes(request -> request.bucket("crowd").key(key))
                            .asByteArray());
        }
    }

    private static StaticCredentialsProvider credentials(RunningCairn cairn) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(cairn.accessKey(), cairn.secretKey()));
    }

    private static S3Client client(RunningCairn cairn) {
        return S3Client.builder()
                .endpointOverride(cairn.s3())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(cairn))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .forcePathStyle(true)
                .build();
    }

    private static S3Presigner presigner(RunningCairn cairn) {
        return S3Presigner.builder()
                .endpointOverride(cairn.s3())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials(cairn))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
    }

    /** The connections of those who do not behave. One thread. */
    private static final class Crowd implements AutoCloseable {
        private final InetSocketAddress address;
        private final List<SocketChannel> all = new ArrayList<>();
        private final List<SocketChannel> uploads = new ArrayList<>();
        private final ByteBuffer trickle = ByteBuffer.allocateDirect(TRICKLE_BYTES);

        Crowd(RunningCairn cairn) {
            address = new InetSocketAddress(cairn.s3().getHost(), cairn.s3().getPort());
        }

        private SocketChannel connect() throws IOException {
            SocketChannel channel = SocketChannel.open();
            all.add(channel);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 8 << 10);
            channel.connect(address);
            return channel;
        }

        void idle(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                connect();
            }
        }

        void readers(int count, URI object) throws IOException {
            for (int i = 0; i < count; i++) {
                send(connect(), "GET", object, "");
            }
        }

        void upload(URI object) throws IOException {
            SocketChannel channel = connect();
            send(channel, "PUT", object, "Content-Length: " + UPLOAD_BYTES + "\r\n");
            channel.configureBlocking(false);
            uploads.add(channel);
        }

        private static void send(SocketChannel channel, String method, URI object, String headers) throws IOException {
            String head = method + " " + object.getRawPath() + "?" + object.getRawQuery() + " HTTP/1.1\r\nHost: "
                    + object.getAuthority() + "\r\n" + headers + "\r\n";
            channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        }

        /** Every upload gets a little further, where the server takes it. */
        void trickle() {
            for (SocketChannel channel : List.copyOf(uploads)) {
                try {
                    channel.write(trickle.clear());
                } catch (IOException refused) {
                    uploads.remove(channel);
                }
            }
        }

        int openUploads() {
            return uploads.size();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : all) {
                channel.close();
            }
        }
    }
}
