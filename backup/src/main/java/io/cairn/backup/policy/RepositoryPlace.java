package io.cairn.backup.policy;

import io.cairn.backup.Secret;
import io.cairn.backup.Secrets;
import io.cairn.backup.SourceFault;
import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.client.CredentialSource;
import io.cairn.client.Patience;
import io.cairn.client.S3Fault;
import io.cairn.client.S3Place;
import io.cairn.repository.Actor;
import io.cairn.repository.Repository;
import io.cairn.repository.store.Backend;
import io.cairn.repository.store.LocalDirectory;
import io.cairn.repository.store.RetryingBackend;
import io.cairn.repository.store.S3Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Opens the repository that a policy names. Stateless. */
public final class RepositoryPlace {
    private static final int TRIES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(3);

    private RepositoryPlace() {}

    public static Repository open(Policy policy, Map<String, String> environment, Clock clock, Entropy entropy) {
        try (Secret password = new Secrets(policy.password(), environment)
                .find("password")
                .orElseThrow(() -> new SourceFault.Refused("the policy says of no password where it is"))) {
            byte[] bytes = password.bytes();
            try {
                return Repository.open(
                        backend(policy.repository(), environment, clock, entropy),
                        bytes,
                        Actor.thisProcess(clock, entropy));
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    private static Backend backend(String word, Map<String, String> environment, Clock clock, Entropy entropy) {
        if (!S3Place.means(word)) {
            return new LocalDirectory(Path.of(word).toAbsolutePath().normalize(), entropy);
        }
        try {
            S3Place place = S3Place.parse(word);
            var client = place.client(CredentialSource.configured(environment), environment, Patience.USUAL);
            S3Store store =
                    new S3Store(client.bucket(place.bucket()), place.prefix(), Optional.empty(), clock, entropy);
            return new RetryingBackend(store, TRIES, FIRST_WAIT, entropy, Thread::sleep);
        } catch (S3Fault fault) {
            throw new SourceFault.Unreachable(String.valueOf(fault.getMessage()), fault);
        }
    }
}
