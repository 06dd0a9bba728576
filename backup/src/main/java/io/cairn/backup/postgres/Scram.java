package io.cairn.backup.postgres;

import io.cairn.base.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of one SCRAM-SHA-256 exchange (RFC 5802, 7677), with channel binding to the server's certificate
 * where there is one (RFC 5929). The password never leaves it; the server must prove that it knows it too. One thread.
 */
final class Scram {
    static final String PLAIN = "SCRAM-SHA-256";
    static final String PLUS = "SCRAM-SHA-256-PLUS";

    private static final int NONCE_BYTES = 18;
    private static final int ITERATIONS_MAX = 10_000_000;
    private static final String HMAC = "HmacSHA256";

    private final byte[] password;
    private final Optional<byte[]> binding;
    private final String header;
    private final String nonce;
    private final String firstBare;
    private byte[] expectedSignature = {};

    /**
     * @param binding the hash of the server's certificate, when the server offered to bind to it
     * @param refusedBinding there is a certificate and the server did not offer to bind to it
     */
    Scram(byte[] password, Optional<byte[]> binding, boolean refusedBinding, Entropy entropy) {
        // PostgreSQL takes the name of the user from the start of the connection, and none from here.
        this(password, binding, refusedBinding, "", Base64.getEncoder().encodeToString(entropy.bytes(NONCE_BYTES)));
    }

    Scram(byte[] password, Optional<byte[]> binding, boolean refusedBinding, String user, String nonce) {
        this.password = prepared(password);
        this.binding = binding;
        this.header = binding.isPresent() ? "p=tls-server-end-point,," : refusedBinding ? "y,," : "n,,";
        this.nonce = nonce;
        this.firstBare = "n=" + user + ",r=" + nonce;
    }

    String mechanism() {
        return binding.isPresent() ? PLUS : PLAIN;
    }

    /** What SASLprep does to the passwords that people have: one form for each character. Others stay as they are. */
    private static byte[] prepared(byte[] password) {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
            return Normalizer.normalize(text, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException notText) {
            return password.clone();
        }
    }

    byte[] first() {
        return (header + firstBare).getBytes(StandardCharsets.UTF_8);
    }

    /** The answer to the server's challenge. */
    byte[] answer(String challenge) throws IOException {
        String[] parts = challenge.split(",");
        String whole = value(parts, 0, "r=");
        byte[] salt = decode(value(parts, 1, "s="));
        int iterations = number(value(parts, 2, "i="));
        if (!whole.startsWith(nonce) || whole.length() == nonce.length()) {
            throw new IOException("the server's nonce does not continue ours: somebody else answers for it");
        }
        byte[] bound = header.getBytes(StandardCharsets.UTF_8);
        if (binding.isPresent()) {
            bound = ByteBuffer.allocate(bound.length + binding.get().length)
                    .put(bound)
                    .put(binding.get())
                    .array();
        }
        String bare = "c=" + Base64.getEncoder().encodeToString(bound) + ",r=" + whole;
        byte[] message = (firstBare + "," + challenge + "," + bare).getBytes(StandardCharsets.UTF_8);
        byte[] salted = salted(salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.UTF_8));
        byte[] proof = hmac(sha256(clientKey), message);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        expectedSignature = hmac(hmac(salted, "Server Key".getBytes(StandardCharsets.UTF_8)), message);
        return (bare + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(StandardCharsets.UTF_8);
    }

    /** Checks the server's own proof. */
    void finish(String last) throws IOException {
        byte[] signature = decode(value(last.split(","), 0, "v="));
        if (expectedSignature.length == 0 || !MessageDigest.isEqual(signature, expectedSignature)) {
            throw new IOException("the server did not prove that it knows the password: this may be another server");
        }
        Arrays.fill(password, (byte) 0);
    }

    private byte[] salted(byte[] salt, int iterations) throws IOException {
        byte[] block = ByteBuffer.allocate(salt.length + Integer.BYTES)
                .put(salt)
                .putInt(1)
                .array();
        Mac mac = mac(password);
        byte[] round = mac.doFinal(block);
        byte[] result = round.clone();
        for (int i = 1; i < iterations; i++) {
            round = mac.doFinal(round);
            for (int j = 0; j < result.length; j++) {
                result[j] ^= round[j];
            }
        }
        return result;
    }

    private static byte[] hmac(byte[] key, byte[] message) throws IOException {
        return mac(key).doFinal(message);
    }

    private static Mac mac(byte[] key) throws IOException {
        try {
            Mac mac = Mac.getInstance(HMAC);
            // An empty key is not one that Java takes; one of a zero byte is the same to HMAC.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, HMAC));
            return mac;
        } catch (GeneralSecurityException absent) {
            throw new IOException("this Java has no " + HMAC, absent);
        }
    }

    private static byte[] sha256(byte[] bytes) throws IOException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException absent) {
            throw new IOException("this Java has no SHA-256", absent);
        }
    }

    private static String value(String[] parts, int at, String name) throws IOException {
        if (at >= parts.length || !parts[at].startsWith(name)) {
            throw new IOException("the server's part of the log-in is not SCRAM's");
        }
        return parts[at].substring(name.length());
    }

    private static byte[] decode(String base64) throws IOException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new IOException("the server's part of the log-in is not SCRAM's", notBase64);
        }
    }

    private static int number(String digits) throws IOException {
        try {
            int number = Integer.parseInt(digits);
            if (number > 0 && number <= ITERATIONS_MAX) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new IOException("the server's part of the log-in is not SCRAM's", notANumber);
        }
        throw new IOException("the server asks for " + digits + " rounds of its hash, which is not sane");
    }
}
