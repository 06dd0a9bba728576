package io.cairn.host.crypt;

import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.kernel.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program cryptsetup. Keys go in on its standard input, one behind the other, each of a length that is said, so
 * that none is taken for the other. Stateless; safe for many threads. Source: cryptsetup(8), 2.6.
 */
final class Cryptsetup {
    static final String PBKDF = "--pbkdf=pbkdf2";
    static final String ITERATIONS = "--pbkdf-force-iterations=1000";
    static final int WRONG_KEY = 2;
    static final int BUSY = 5;

    private static final Duration BOUND = Duration.ofSeconds(100);

    /** To read and write every block of a large volume takes hours; that it still works is not for a clock to say. */
    private static final Duration BOUND_OF_REENCRYPTION = Duration.ofDays(30);

    private static final Pattern UNLOCKED = Pattern.compile("(?m)^Key slot (\\d{1,3}) unlocked\\.$");
    private static final Pattern SLOT = Pattern.compile("^ {2}(\\d{1,3}): luks2$");

    private static final String RECOVERY_WANTED = "Run repair first";

    private final Tool tool = new Tool("cryptsetup", "cryptsetup-bin");

    boolean isInstalled() {
        return tool.find().isPresent();
    }

    /** Runs a command that takes its keys, in this order, as the key file {@code -}. */
    Tool.Finished withKeys(List<KeyMaterial> keys, String command, String... arguments) {
        return withKeys(BOUND, keys, command, arguments);
    }

    private Tool.Finished withKeys(Duration bound, List<KeyMaterial> keys, String command, String... arguments) {
        var all = new ArrayList<String>();
        all.add(command);
        all.addAll(List.of(
                "--batch-mode",
                "--key-file=-",
                "--keyfile-size=" + keys.getFirst().bytes().length));
        all.addAll(List.of(arguments));
        byte[] input = joined(keys);
        try {
            return tool.run(bound, input, all.toArray(String[]::new));
        } finally {
            Arrays.fill(input, (byte) 0);
        }
    }

    private static byte[] joined(List<KeyMaterial> keys) {
        byte[] all = new byte[keys.stream().mapToInt(key -> key.bytes().length).sum()];
        int at = 0;
        for (KeyMaterial key : keys) {
            System.arraycopy(key.bytes(), 0, all, at, key.bytes().length);
            at += key.bytes().length;
        }
        return all;
    }

    Tool.Finished withoutKey(String... arguments) {
        return tool.run(BOUND, arguments);
    }

    /** The key slot that this key opens. */
    Optional<Integer> slot(Path container, KeyMaterial key) {
        var finished =
                withKeys(List.of(key), "open", "--test-passphrase", "--verbose", LuksEncryption.absolute(container));
        if (finished.status() == WRONG_KEY) {
            return Optional.empty();
        }
        demand(finished, "try a key of " + container);
        return Optional.of(unlocked(finished.output())
                .orElseThrow(() -> new HostFault(
                        "try a key of " + container + ": cryptsetup did not say which slot it opens", Errno.NONE)));
    }

    static Optional<Integer> unlocked(String output) {
        Matcher slot = UNLOCKED.matcher(output);
        return slot.find() ? Optional.of(Integer.parseInt(slot.group(1))) : Optional.empty();
    }

    /** The key slots that are in use. */
    List<Integer> slots(Path container) {
        return slots(dump(container));
    }

    private String dump(Path container) {
        var finished = withoutKey("luksDump", LuksEncryption.absolute(container));
        demand(finished, "read the header of " + container);
        return finished.output();
    }

    static List<Integer> slots(String dump) {
        return section(dump, "Keyslots:").stream()
                .map(SLOT::matcher)
                .filter(Matcher::matches)
                .map(slot -> Integer.parseInt(slot.group(1)))
                .toList();
    }

    private static List<String> section(String dump, String title) {
        return dump.lines()
                .dropWhile(line -> !line.equals(title))
                .skip(1)
                .takeWhile(line -> line.isEmpty() || Character.isWhitespace(line.charAt(0)))
                .toList();
    }

    /** True when a reencryption was begun and has not ended. */
    static boolean isBeingReencrypted(String dump) {
        return dump.lines().anyMatch(line -> line.startsWith("Requirements:") && line.contains("reencrypt"));
    }

    /** Gives the container a new volume key, or ends what was begun. */
    void reencrypt(Path container, Optional<String> openName, KeyMaterial key) {
        boolean begun = isBeingReencrypted(dump(container));
        var finished = reencrypt(container, openName, key, begun);
        if (begun && finished.output().contains(RECOVERY_WANTED)) {
            // Killed in the middle of a write: what was half written is put right from its checksums first.
            demand(
                    withKeys(BOUND_OF_REENCRYPTION, List.of(key), "repair", LuksEncryption.absolute(container)),
                    "recover the reencryption of " + container);
            finished = reencrypt(container, openName, key, true);
        }
        demand(finished, "reencrypt " + container);
    }

    private Tool.Finished reencrypt(Path container, Optional<String> openName, KeyMaterial key, boolean begun) {
        var arguments = new ArrayList<String>();
        if (begun) {
            arguments.add("--resume-only");
        } else {
            arguments.addAll(List.of(PBKDF, ITERATIONS));
        }
        if (openName.isPresent()) {
            arguments.add("--active-name=" + openName.get());
        } else {
            // Nobody may have it open: the caller says so, and cryptsetup cannot see it for a file.
            arguments.addAll(List.of("--force-offline-reencrypt", LuksEncryption.absolute(container)));
        }
        return withKeys(BOUND_OF_REENCRYPTION, List.of(key), "reencrypt", arguments.toArray(String[]::new));
    }

    void demand(Tool.Finished finished, String operation) {
        if (finished.status() != 0) {
            String reason = finished.status() == WRONG_KEY ? "no key slot takes this key" : finished.lastLine();
            throw new HostFault(operation + ": " + reason, errno(finished.status()));
        }
    }

    private static Errno errno(int status) {
        return switch (status) {
            case WRONG_KEY -> Errno.EPERM;
            case 4 -> Errno.ENODEV;
            case BUSY -> Errno.EBUSY;
            default -> Errno.NONE;
        };
    }
}
