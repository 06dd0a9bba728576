package io.cairn.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Reads what a daemon says on its standard output, keeps it, and finds its addresses in the greeting. Thread-safe. */
public final class DaemonGreeting {
    private final StringBuffer output = new StringBuffer();
    private final CompletableFuture<Addresses> addresses = new CompletableFuture<>();

    /** Where a daemon listens. */
    public record Addresses(URI s3, URI admin) {}

    private DaemonGreeting() {}

    /** Starts to read, until the process ends. */
    public static DaemonGreeting of(Process process) {
        DaemonGreeting greeting = new DaemonGreeting();
        Thread.ofPlatform().daemon().name("cairn-output").start(() -> greeting.read(process));
        return greeting;
    }

    private void read(Process process) {
        String s3 = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (line.startsWith("  S3 ")) {
                    s3 = line.substring(5).strip();
                } else if (line.startsWith("  admin ")) {
                    addresses.complete(new Addresses(
                            URI.create(s3), URI.create(line.substring(8).strip())));
                }
            }
        } catch (IOException gone) {
            output.append("(the output ends here: ").append(gone.getMessage()).append(")\n");
        }
        addresses.completeExceptionally(new IOException("the daemon ended before it listened"));
    }

    /** Done when the daemon listens; fails when it has ended before. */
    public CompletableFuture<Addresses> addresses() {
        return addresses;
    }

    /** Everything that the daemon has said until now. */
    public String output() {
        return output.toString();
    }
}
