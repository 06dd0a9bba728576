package io.cairn.wire.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key derived from a secret for one day, region and service. Safe for use by many threads. */
final class SigningKey {
    private static final String ALGORITHM = "HmacSHA256";

    /** Initialised once and only ever cloned. */
    private final Mac prototype;

    private SigningKey(Mac prototype) {
        this.prototype = prototype;
    }

    static SigningKey derive(String secret, Scope scope) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String step : new String[] {scope.date(), scope.region(), scope.service(), "aws4_request"}) {
            key = newMac(key).doFinal(step.getBytes(StandardCharsets.UTF_8));
        }
        return new SigningKey(newMac(key));
    }

    /** The signature of the text, in lower-case hexadecimal. */
    String sign(SigningText text) {
        Mac mac = fresh();
        mac.update(text.bytes(), 0, text.size());
        return Sha256.hex(mac.doFinal());
    }

    private Mac fresh() {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException unexpected) {
            throw new IllegalStateException("the JDK's HmacSHA256 can be cloned", unexpected);
        }
    }

    private static Mac newMac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException absent) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, absent);
        }
    }
}
