package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import io.cairn.base.Entropy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Answers what the server asks before it takes commands. One use, one thread. */
final class LogIn {
    private static final int OK = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;
    private static final int MD5_SALT = 4;

    private final PostgresConnection connection;
    private final PostgresAddress address;
    private final Supplier<Optional<byte[]>> password;
    private final Entropy entropy;
    private Optional<Scram> scram = Optional.empty();
    private boolean proven;

    LogIn(
            PostgresConnection connection,
            PostgresAddress address,
            Supplier<Optional<byte[]>> password,
            Entropy entropy) {
        this.connection = connection;
        this.address = address;
        this.password = password;
        this.entropy = entropy;
    }

    void run() throws IOException {
        while (true) {
            char type = connection.next();
            switch (type) {
                case 'R' -> answer(connection.body());
                case 'K',
                        'v' -> {} // what a request to cancel would need; a version of the protocol that we did not ask
                // for
                case 'Z' -> {
                    connection.started();
                    return;
                }
                default -> throw connection.unexpected(type, "log-in");
            }
        }
    }

    private void answer(Wire.Body body) throws IOException {
        int request = body.int32();
        switch (request) {
            case OK -> {
                if (scram.isPresent() && !proven) {
                    throw new SourceFault.Refused("PostgreSQL at " + address
                            + " ended the log-in without proving that it knows the password: this may be another"
                            + " server");
                }
            }
            case CLEARTEXT -> cleartext();
            case MD5 -> md5(body.raw(MD5_SALT));
            case SASL -> sasl(body);
            case SASL_CONTINUE -> connection.send('p', scram().answer(text(body)));
            case SASL_FINAL -> {
                scram().finish(text(body));
                proven = true;
            }
            default ->
                throw new SourceFault.Refused("PostgreSQL at " + address + " asks for a kind of log-in (" + request
                        + ") that is not supported; use scram-sha-256 in pg_hba.conf");
        }
    }

    private static String text(Wire.Body body) {
        return new String(body.rest(), StandardCharsets.UTF_8);
    }

    private Scram scram() throws IOException {
        return scram.orElseThrow(() -> new IOException("the server's part of the log-in is not SCRAM's"));
    }

    private byte[] password() {
        return password.get()
                .orElseThrow(() -> new SourceFault.Refused("PostgreSQL at " + address
                        + " wants a password; put it into a file that only you can read, and name that file"));
    }

    private void cleartext() {
        if (!connection.isEncrypted()) {
            throw new SourceFault.Refused("PostgreSQL at " + address + " wants the password in the clear over a"
                    + " connection that is not encrypted; use scram-sha-256 in pg_hba.conf, or sslmode=require");
        }
        connection.send('p', password(), new byte[1]);
    }

    /** MD5 is what old servers have; SCRAM is asked for by every one since version 14 unless told otherwise. */
    private void md5(byte[] salt) throws IOException {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(password());
            byte[] inner = md5.digest(address.user().getBytes(StandardCharsets.UTF_8));
            md5.update(HexFormat.of().formatHex(inner).getBytes(StandardCharsets.US_ASCII));
            byte[] outer = md5.digest(salt);
            connection.send('p', Wire.text("md5" + HexFormat.of().formatHex(outer)));
        } catch (GeneralSecurityException absent) {
            throw new IOException("this Java has no MD5", absent);
        }
    }

    private void sasl(Wire.Body body) throws IOException {
        Set<String> offered = new HashSet<>();
        for (String mechanism = body.text(); !mechanism.isEmpty(); mechanism = body.text()) {
            offered.add(mechanism);
        }
        if (!offered.contains(Scram.PLAIN) && !offered.contains(Scram.PLUS)) {
            throw new SourceFault.Refused("PostgreSQL at " + address + " offers log-ins that are not supported: "
                    + String.join(", ", offered) + "; use scram-sha-256 in pg_hba.conf");
        }
        Optional<byte[]> binding = connection.binding();
        boolean plus = binding.isPresent() && offered.contains(Scram.PLUS);
        Scram started = new Scram(password(), plus ? binding : Optional.empty(), binding.isPresent() && !plus, entropy);
        scram = Optional.of(started);
        byte[] first = started.first();
        byte[] length =
                java.nio.ByteBuffer.allocate(Integer.BYTES).putInt(first.length).array();
        connection.send('p', Wire.text(started.mechanism()), length, first);
    }
}
