package io.cairn.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where credentials come from: variables of the environment, a file, or the output of a command; never an argument,
 * which every user of a machine sees. Files and outputs have lines {@code access_key = …} and {@code secret_key = …},
 * or Amazon's {@code aws_access_key_id}, {@code aws_secret_access_key} and {@code aws_session_token} below
 * {@code [default]}. Asked once per client; safe for use by many threads.
 */
@FunctionalInterface
public interface CredentialSource {
    /** The credentials; {@link S3Fault.Refused} when there are none. */
    Credentials credentials();

    /** Variables {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}. */
    static CredentialSource environment(Map<String, String> environment) {
        return () -> {
            String key = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
            String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
            if (key.isEmpty() || secret.isEmpty()) {
                throw new S3Fault.Refused("there are no credentials for S3: set AWS_ACCESS_KEY_ID and"
                        + " AWS_SECRET_ACCESS_KEY, or name a file with CAIRN_S3_CREDENTIALS_FILE or a command with"
                        + " CAIRN_S3_CREDENTIALS_COMMAND");
            }
            return new Credentials(key, secret, Optional.ofNullable(environment.get("AWS_SESSION_TOKEN")));
        };
    }

    /** A file that only its owner should read. */
    static CredentialSource file(Path file) {
        return () -> {
            try {
                return parse(Files.readString(file), "the credentials file " + file);
            } catch (IOException unreadable) {
                throw new S3Fault.Refused("cannot read the credentials file " + file + ": " + unreadable.getMessage());
            }
        };
    }

    /** What a shell command prints; its error output is the user's to see. */
    static CredentialSource command(String command, long secondsMax) {
        return () -> {
            try {
                Process process = new ProcessBuilder(List.of("sh", "-c", command))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(secondsMax, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new S3Fault.Refused("the credentials command failed; run it by hand to see why");
                }
                return parse(new String(process.getInputStream().readAllBytes()), "the credentials command");
            } catch (IOException failed) {
                throw new S3Fault.Refused("the credentials command cannot be run: " + failed.getMessage());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new S3Fault.Refused("interrupted while the credentials command ran");
            }
        };
    }

    /**
     * As the variables of the environment say: {@code CAIRN_S3_CREDENTIALS_FILE}, else
     * {@code CAIRN_S3_CREDENTIALS_COMMAND}, else Amazon's.
     */
    static CredentialSource configured(Map<String, String> environment) {
        String file = environment.getOrDefault("CAIRN_S3_CREDENTIALS_FILE", "");
        String command = environment.getOrDefault("CAIRN_S3_CREDENTIALS_COMMAND", "");
        Supplier<CredentialSource> other = () -> command.isEmpty() ? environment(environment) : command(command, 60);
        return file.isEmpty() ? other.get() : file(Path.of(file));
    }

    private static Credentials parse(String text, String where) {
        Map<String, String> values = new HashMap<>();
        boolean ours = true;
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("[")) {
                ours = line.equals("[default]");
            }
            int equals = line.indexOf('=');
            if (ours && equals > 0 && !line.startsWith("#")) {
                String name = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                values.putIfAbsent(name, line.substring(equals + 1).strip());
            }
        }
        String key = values.getOrDefault("aws_access_key_id", values.getOrDefault("access_key", ""));
        String secret = values.getOrDefault("aws_secret_access_key", values.getOrDefault("secret_key", ""));
        if (key.isEmpty() || secret.isEmpty()) {
            throw new S3Fault.Refused("there is no access_key and secret_key in " + where);
        }
        return new Credentials(key, secret, Optional.ofNullable(values.get("aws_session_token")));
    }
}
