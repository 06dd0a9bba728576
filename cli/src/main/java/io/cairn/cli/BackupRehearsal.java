package io.cairn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the JVM watches to make the start-up cache of commands on backup repositories: a small backup, a second one, a
 * check and a restore. Stateless.
 */
final class BackupRehearsal {
    private static final int FILES = 2000;
    private static final int LARGE = 48 << 20;
    private static final long MULTIPLIER = 6364136223846793005L;

    private BackupRehearsal() {}

    static int run(Path scratch) throws IOException {
        Path source = Files.createDirectories(scratch.resolve("source"));
        Path password = Files.writeString(scratch.resolve("password"), "rehearsal\n");
        byte[] content = new byte[LARGE];
        long state = 1;
        for (int i = 0; i < content.length; i++) {
            state = state * MULTIPLIER + 1442695040888963407L;
            boolean text = (i >>> 20 & 1) == 0;
            content[i] = (byte) (text ? "lorem ipsum dolor sit amet, ".charAt((int) (state >>> 60)) : state >>> 56);
        }
        Files.write(source.resolve("large"), content);
        for (int i = 0; i < FILES; i++) {
            byte[] small = java.util.Arrays.copyOfRange(content, i * 16_000, i * 16_000 + 4000 + i * 16);
            Path directory = Files.createDirectories(source.resolve("d" + i % 20));
            Files.write(directory.resolve("f" + i), small);
        }
        var out = new StringWriter();
        var line = Cairn.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        String repo = scratch.resolve("repo").toString();
        int status = 0;
        for (List<String> command : List.of(
                List.of("repo", "init"),
                List.of("backup", "run", "--source", source.toString()),
                List.of("backup", "run", "--source", source.toString()),
                List.of("repo", "check", "--read-data"),
                List.of(
                        "backup",
                        "restore",
                        "latest",
                        "--target",
                        scratch.resolve("restored").toString()),
                List.of("backup", "ls", "--json"))) {
            var all = new java.util.ArrayList<>(command);
            all.addAll(List.of("--repo", repo, "--password-file", password.toString()));
            status |= line.execute(all.toArray(String[]::new));
        }
        System.err.write(out.toString().getBytes(StandardCharsets.UTF_8));
        return status;
    }
}
