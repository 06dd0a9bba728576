package io.cairn.console;

import io.cairn.base.Entropy;
import io.cairn.engine.ObjectStore;
import io.cairn.http.Exchange;
import io.cairn.http.HeaderList;
import io.cairn.model.DriveId;
import io.cairn.model.KeyPair;
import io.cairn.model.UserRow;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The admin API under {@code /admin/v1/}: status, drives, access keys. For the root key alone. Thread-safe. */
final class AdminApi {
    static final String PREFIX = "/admin/v1/";

    private static final int NAME_MAX = 128;
    private static final Duration TOKEN_LIFE = Duration.ofDays(30);

    private final ObjectStore store;
    private final NodeFacts node;
    private final AdminAuthentication authentication;
    private final Entropy entropy = Entropy.secure();

    /** Held from reading a user to writing it: of two changes at once none may undo the other. */
    private final Object userChanges = new Object();

    AdminApi(ObjectStore store, NodeFacts node, AdminAuthentication authentication) {
        this.store = store;
        this.node = node;
        this.authentication = authentication;
    }

    void handle(Exchange exchange, String rest, Caller caller) {
        if (!caller.root()) {
            throw new AdminRefusal(403, "the admin API is for the root key");
        }
        List<String> path = List.of(rest.split("/", -1));
        switch (path.getFirst()) {
            case "status" -> status(exchange);
            case "drives" -> drives(exchange, path);
            case "orphans" -> orphans(exchange);
            case "users" -> users(exchange, path);
            default -> throw noSuch(rest);
        }
    }

    private void status(Exchange exchange) {
        Health.requireGet(exchange);
        Answers.json(exchange, 200, NodeStatus.of(store, new Health(store, node).report()));
    }

    /** The body of {@code POST drives}. */
    record NewDrive(String path) {
        NewDrive {
            path = Objects.requireNonNullElse(path, "");
        }
    }

    private void drives(Exchange exchange, List<String> path) {
        if (path.size() == 1 && exchange.method().equals("GET")) {
            Answers.json(exchange, 200, DriveInfo.all(store));
        } else if (path.size() == 1 && exchange.method().equals("POST")) {
            DriveId added = store.addDrive(
                    directory(Answers.read(exchange, NewDrive.class).path()));
            Answers.json(
                    exchange,
                    201,
                    DriveInfo.all(store).stream()
                            .filter(drive -> drive.id().equals(added.toString()))
                            .toList());
        } else if (path.size() == 2 && exchange.method().equals("DELETE")) {
            retire(exchange, path.get(1));
        } else {
            throw new AdminRefusal(405, exchange.method() + " is not possible on /admin/v1/" + String.join("/", path));
        }
    }

    private void retire(Exchange exchange, String id) {
        if (!store.retireDrive(driveId(id))) {
            throw new AdminRefusal(
                    409,
                    "drive " + id + " is not in the map, or still in service; only a drive that is out"
                            + " can be retired");
        }
        exchange.send(204, HeaderList.empty(), new byte[0]);
    }

    private void orphans(Exchange exchange) {
        switch (exchange.method()) {
            case "GET" -> Answers.json(exchange, 200, store.orphans(false));
            case "DELETE" -> Answers.json(exchange, 200, store.orphans(true));
            default -> throw new AdminRefusal(405, exchange.method() + " is not possible on /admin/v1/orphans");
        }
    }

    private static Path directory(String path) {
        try {
            Path directory = Path.of(path);
            if (directory.isAbsolute()) {
                return directory.normalize();
            }
        } catch (InvalidPathException malformed) {
            throw new AdminRefusal(400, "not a path: " + path);
        }
        throw new AdminRefusal(400, "give the drive's directory as an absolute path, not " + path);
    }

    private static DriveId driveId(String text) {
        try {
            return DriveId.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new AdminRefusal(400, "not a drive id: " + text);
        }
    }

    /** The body of {@code POST users}. */
    record NewUser(String name) {
        NewUser {
            name = Objects.requireNonNullElse(name, "");
        }
    }

    private void users(Exchange exchange, List<String> path) {
        if (path.size() == 1 && exchange.method().equals("GET")) {
            Answers.json(
                    exchange,
                    200,
                    store.users().list().stream().map(UserInfo::of).toList());
        } else if (path.size() == 1 && exchange.method().equals("POST")) {
            add(exchange, Answers.read(exchange, NewUser.class).name());
        } else if (path.size() == 3 && exchange.method().equals("POST")) {
            change(exchange, path.get(1), path.get(2));
        } else {
            throw new AdminRefusal(405, exchange.method() + " is not possible on /admin/v1/" + String.join("/", path));
        }
    }

    private void add(Exchange exchange, String name) {
        if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new AdminRefusal(
                    400, "a user's name has 1 to " + NAME_MAX + " characters, and no control characters among them");
        }
        KeyPair pair = KeyPair.generate("", entropy);
        UserRow user = new UserRow(
                pair.accessKey(), pair.secretKey(), name, true, node.clock().now());
        store.users().put(user);
        Answers.json(exchange, 201, UserInfo.withSecret(user));
    }

    private void change(Exchange exchange, String accessKey, String verb) {
        if (verb.equals("token")) {
            Instant expiry = node.clock().now().plus(TOKEN_LIFE);
            Answers.json(exchange, 201, new TokenInfo(authentication.issue(accessKey, expiry), expiry.toString()));
            return;
        }
        UserRow changed;
        synchronized (userChanges) {
            UserRow user = store.users().find(accessKey).orElseThrow(() -> noUser(accessKey));
            changed = switch (verb) {
                case "disable" -> with(user, user.secretKey(), false);
                case "enable" -> with(user, user.secretKey(), true);
                case "rotate" -> with(user, KeyPair.secret(entropy), user.enabled());
                default -> throw noSuch("users/" + accessKey + "/" + verb);
            };
            store.users().put(changed);
        }
        Answers.json(exchange, 200, verb.equals("rotate") ? UserInfo.withSecret(changed) : UserInfo.of(changed));
    }

    private AdminRefusal noUser(String accessKey) {
        return authentication.isRoot(accessKey)
                ? new AdminRefusal(
                        409,
                        accessKey + " is the root key, which is no user: it is kept in root-credentials in every data"
                                + " directory, or given by CAIRN_ROOT_ACCESS_KEY and CAIRN_ROOT_SECRET_KEY, and changes"
                                + " with the next start")
                : new AdminRefusal(404, "no access key " + accessKey);
    }

    private static UserRow with(UserRow user, String secret, boolean enabled) {
        return new UserRow(user.accessKey(), secret, user.name(), enabled, user.created());
    }

    private static AdminRefusal noSuch(String rest) {
        return new AdminRefusal(404, "no such resource: " + PREFIX + rest);
    }
}
