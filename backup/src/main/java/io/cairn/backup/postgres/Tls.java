package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Turns a plain connection into one with TLS, as {@code sslmode} asks. Stateless. */
final class Tls {
    private Tls() {}

    static SSLSocket over(Socket plain, PostgresAddress address) throws IOException {
        SSLContext context = context(address);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
        if (address.tls() == PostgresAddress.TlsMode.VERIFY_FULL) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        try {
            socket.startHandshake();
        } catch (SSLException refused) {
            throw new SourceFault.Refused("TLS with " + address + " failed: " + refused.getMessage()
                    + "; give the certificate of its authority with sslrootcert=FILE, or the name that the server's"
                    + " certificate has");
        }
        return socket;
    }

    private static SSLContext context(PostgresAddress address) throws IOException {
        boolean verify = address.rootCertificate().isPresent()
                || address.tls() == PostgresAddress.TlsMode.VERIFY_CA
                || address.tls() == PostgresAddress.TlsMode.VERIFY_FULL;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    null, verify ? authorities(address.rootCertificate()) : new TrustManager[] {new Anyone()}, null);
            return context;
        } catch (GeneralSecurityException failed) {
            throw new IOException("TLS cannot be set up: " + failed.getMessage(), failed);
        }
    }

    /** The authorities of a file in PEM, or those that this machine trusts. */
    private static TrustManager[] authorities(Optional<String> file) throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (file.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
        } catch (IOException unreadable) {
            throw new SourceFault.Refused("cannot read the certificates of sslrootcert=" + file.get());
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** The hash of the server's certificate that SCRAM binds to: by the hash of its signature, at least SHA-256. */
    static Optional<byte[]> binding(SSLSocket socket) throws IOException {
        try {
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
            int with = algorithm.indexOf("WITH");
            if (with < 0) {
                return Optional.empty();
            }
            String hash = algorithm.startsWith("MD5") || algorithm.startsWith("SHA1")
                    ? "SHA-256"
                    : "SHA-" + algorithm.substring("SHA".length(), with);
            return Optional.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException unknown) {
            return Optional.empty();
        }
    }

    /** What {@code sslmode=require} means: the connection is encrypted, and nobody knows to whom. */
    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
