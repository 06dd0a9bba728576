package io.cairn.repository.seal;

import io.cairn.base.Clock;
import io.cairn.base.Entropy;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A file of {@code keys/}: the master key under one password. Everything but the key is in the clear. */
public record KeyFile(String created, String username, String hostname, int n, int r, int p, byte[] salt, byte[] data) {
    private static final int SALT_LENGTH = 64;
    private static final int R = 8;
    private static final int P = 1;
    private static final int N = 1 << 15;

    /** Seals {@code master} with the password, with the parameters that restic chooses on most machines (32 MiB). */
    public static KeyFile seal(
            MasterKey master, byte[] password, String username, String hostname, Clock clock, Entropy entropy) {
        byte[] salt = entropy.bytes(SALT_LENGTH);
        MasterKey user = MasterKey.fromPassword(password, salt, N, R, P, entropy);
        byte[] plain = Json.write(secret(master)).getBytes(StandardCharsets.UTF_8);
        byte[] data = user.sealer().seal(plain);
        return new KeyFile(Json.time(clock.now()), username, hostname, N, R, P, salt, data);
    }

    private static Map<String, Object> secret(MasterKey master) {
        Base64.Encoder base64 = Base64.getEncoder();
        Map<String, Object> mac = new LinkedHashMap<>();
        mac.put("k", base64.encodeToString(master.authentication()));
        mac.put("r", base64.encodeToString(master.polynomial()));
        Map<String, Object> secret = new LinkedHashMap<>();
        secret.put("mac", mac);
        secret.put("encrypt", base64.encodeToString(master.encryption()));
        return secret;
    }

    /** The master key, or empty when this is not the password of this file. */
    public Optional<MasterKey> open(byte[] password, Entropy entropy) {
        MasterKey user = MasterKey.fromPassword(password, salt, n, r, p, entropy);
        byte[] plain;
        try {
            plain = user.sealer().open(data, "the key");
        } catch (RepositoryFault.Damaged wrong) {
            return Optional.empty();
        }
        Map<String, Object> secret = Json.object(Json.read(plain, "the key"), "the key");
        Map<String, Object> mac = Json.object(secret.get("mac"), "the key's mac");
        byte[] bytes = new byte[MasterKey.LENGTH];
        put(Json.text(secret, "encrypt"), 32, bytes, 0);
        put(Json.text(mac, "k"), 16, bytes, 32);
        put(Json.text(mac, "r"), 16, bytes, 48);
        return Optional.of(new MasterKey(bytes, entropy));
    }

    private static void put(String base64, int length, byte[] target, int at) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length != length) {
            throw new RepositoryFault.Damaged("the key file has a key of a wrong length");
        }
        System.arraycopy(bytes, 0, target, at, length);
    }

    /** Reads a key file; refuses other hashes than scrypt and parameters that would take all memory. */
    public static KeyFile parse(byte[] bytes, Object what) {
        Map<String, Object> file = Json.object(Json.read(bytes, what), what);
        int n = (int) Json.number(file, "N");
        int r = (int) Json.number(file, "r");
        int p = (int) Json.number(file, "p");
        if (!Json.text(file, "kdf").equals("scrypt") || !Scrypt.accepts(n, r, p)) {
            throw new RepositoryFault.Damaged(
                    what + " has parameters that are not sane: N=" + n + " r=" + r + " p=" + p);
        }
        try {
            return new KeyFile(
                    Json.text(file, "created"),
                    Json.text(file, "username"),
                    Json.text(file, "hostname"),
                    n,
                    r,
                    p,
                    Base64.getDecoder().decode(Json.text(file, "salt")),
                    Base64.getDecoder().decode(Json.text(file, "data")));
        } catch (IllegalArgumentException notBase64) {
            throw new RepositoryFault.Damaged(what + " is not a key file", notBase64);
        }
    }

    /** The bytes of the file. */
    public byte[] encode() {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("created", created);
        file.put("username", username);
        file.put("hostname", hostname);
        file.put("kdf", "scrypt");
        file.put("N", (long) n);
        file.put("r", (long) r);
        file.put("p", (long) p);
        file.put("salt", Base64.getEncoder().encodeToString(salt));
        file.put("data", Base64.getEncoder().encodeToString(data));
        return Json.write(file).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "key of " + username + "@" + hostname + ", " + created;
    }
}
