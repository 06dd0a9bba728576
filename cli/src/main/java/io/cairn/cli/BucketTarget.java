package io.cairn.cli;

import io.cairn.backup.bucket.BucketRestore;
import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.repository.Repository;
import io.cairn.repository.SnapshotReader;
import picocli.CommandLine;

/**
 * {@code cairn backup restore SNAPSHOT --to s3://HOST:PORT/BUCKET}: the snapshot of a bucket goes back into one.
 * Stateless.
 */
final class BucketTarget {
    private BucketTarget() {}

    static int restore(
            Repository repository,
            String snapshot,
            String address,
            ProgressBar.Style style,
            RepositoryOptions options,
            CommandLine line) {
        try (SnapshotReader reader = SnapshotReader.open(repository);
                ProgressBar bar = new ProgressBar(line.getErr(), style, Clock.system());
                BucketRestore restore = BucketRestore.open(reader, bar, address, System.getenv())) {
            BucketRestore.Result result = restore.run(PointWords.snapshot(repository, snapshot));
            bar.close();
            line.getOut()
                    .println(
                            options.json()
                                    ? AdminClient.pretty(result)
                                    : "restored " + result.keys() + " keys: " + result.versions() + " versions, "
                                            + ByteCount.of(result.bytes()) + ", and " + result.deleteMarkers()
                                            + " delete markers");
            line.getOut().flush();
            return 0;
        }
    }
}
