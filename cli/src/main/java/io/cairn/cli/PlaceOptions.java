package io.cairn.cli;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.Patience;
import io.cairn.client.S3Client;
import io.cairn.client.S3Fault;
import io.cairn.client.S3Place;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.LocalDirectory;
import io.cairn.repository.store.RateLimitedBackend;
import io.cairn.repository.store.RetryingBackend;
import io.cairn.repository.store.S3Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a repository's place is used: limits, and immutability. One thread. */
final class PlaceOptions {
    /** The client tries for seconds; this rides out minutes. */
    private static final int OUTAGE_TRIES = 5;

    private static final Duration OUTAGE_FIRST = Duration.ofSeconds(3);
    private static final long KIB = 1 << 10;

    @Option(names = "--limit-upload", paramLabel = "KIB", description = "Send at most so many KiB a second")
    private @Nullable Long upload;

    @Option(names = "--limit-download", paramLabel = "KIB", description = "Fetch at most so many KiB a second")
    private @Nullable Long download;

    @Option(
            names = "--lock-for",
            paramLabel = "PERIOD",
            description = "Lock what is written for so long, as P30D (S3 Object Lock, compliance mode)."
                    + " Default: the variable CAIRN_REPO_LOCK_FOR")
    private @Nullable Period lockFor;

    Backend backend(String word) {
        Backend plain = S3Place.means(word) ? bucket(word) : directory(word);
        if (upload == null && download == null) {
            return plain;
        }
        return new RateLimitedBackend(plain, perSecond(upload), perSecond(download), Clock.system(), Thread::sleep);
    }

    private static long perSecond(@Nullable Long kib) {
        return kib == null ? Long.MAX_VALUE : kib * KIB;
    }

    private Backend directory(String word) {
        if (word.contains("://")) {
            throw new CommandFault("a repository is a directory, or a bucket as s3://HOST:PORT/BUCKET/PREFIX");
        }
        if (lockPeriod().isPresent()) {
            throw new CommandFault("files of a directory cannot be locked: --lock-for needs a bucket with Object Lock");
        }
        return new LocalDirectory(Path.of(word).toAbsolutePath().normalize(), Entropy.secure());
    }

    private Backend bucket(String word) {
        return new RetryingBackend(store(word), OUTAGE_TRIES, OUTAGE_FIRST, Entropy.secure(), Thread::sleep);
    }

    /** The repository's files in a bucket, without decorators. */
    S3Store store(String word) {
        if (!S3Place.means(word)) {
            throw new CommandFault("only files in a bucket can be locked: give it as s3://HOST:PORT/BUCKET/PREFIX");
        }
        try {
            S3Place place = S3Place.parse(word);
            S3Client client = place.client(place.credentials(System.getenv()), System.getenv(), Patience.USUAL);
            return new S3Store(
                    client.bucket(place.bucket()), place.prefix(), lockPeriod(), Clock.system(), Entropy.secure());
        } catch (S3Fault fault) {
            throw new CommandFault(String.valueOf(fault.getMessage()));
        }
    }

    private Optional<Period> lockPeriod() {
        String word = System.getenv("CAIRN_REPO_LOCK_FOR");
        try {
            return lockFor == null ? Optional.ofNullable(word).map(Period::parse) : Optional.of(lockFor);
        } catch (DateTimeParseException odd) {
            throw new CommandFault("CAIRN_REPO_LOCK_FOR is a period such as P30D, not " + word);
        }
    }
}
