package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts the authorities in a file, or those of the platform. Stateless. */
final class Tls {
    private Tls() {}

    static Optional<SSLSocketFactory> of(RedisUrl url) {
        if (!url.tls()) {
            return Optional.empty();
        }
        return Optional.of(url.option("ca").map(file -> trusting(Path.of(file))).orElseGet(() ->
                (SSLSocketFactory) SSLSocketFactory.getDefault()));
    }

    private static SSLSocketFactory trusting(Path authorities) {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new SourceFault.Refused("the authorities in " + authorities + " cannot be read ("
                    + unreadable.getMessage() + "); give a PEM file that has them");
        }
    }
}
