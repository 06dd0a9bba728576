package io.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on backup repositories, as a person types them. */
final class BackupCommandTest {
    private static final String PASSWORD = "not to be seen anywhere";

    @TempDir
    private Path scratch;

    private final StringWriter text = new StringWriter();

    @BeforeEach
    void prepare() throws Exception {
        Files.writeString(scratch.resolve("password"), PASSWORD + "\n");
        Files.createDirectories(scratch.resolve("source/below"));
        Files.writeString(scratch.resolve("source/below/file"), "content");
    }

    private int cairn(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--repo", scratch.resolve("repo").toString()));
        all.addAll(List.of("--password-file", scratch.resolve("password").toString()));
        PrintWriter out = new PrintWriter(text);
        int status = Cairn.commandLine().setOut(out).setErr(out).execute(all.toArray(String[]::new));
        assertFalse(text.toString().contains(PASSWORD), "a password was shown");
        return status;
    }

    @Test
    void commands_inTheirOrder_backUpAndRestore() throws Exception {
        String source = scratch.resolve("source").toString();
        assertEquals(0, cairn("repo", "init"), text::toString);
        assertEquals(0, cairn("backup", "run", "--source", source, "--progress", "json"), text::toString);
        assertEquals(0, cairn("backup", "verify", "latest"), text::toString);
        assertEquals(0, cairn("backup", "ls", "latest"), text::toString);
        assertTrue(text.toString().contains(source + "/below/file"), text::toString);
        String target = scratch.resolve("target").toString();
        assertEquals(0, cairn("backup", "restore", "latest", "--path", source, "--target", target), text::toString);
        assertEquals("content", Files.readString(Path.of(target, "below/file")));
        assertEquals(1, cairn("backup", "restore", "latest", "--target", target), "the target is not empty");
        assertEquals(0, cairn("backup", "ls"), text::toString);
        assertEquals(0, cairn("backup", "show"), text::toString);
        assertEquals(0, cairn("backup", "ls", "--snapshots"), text::toString);
        assertEquals(0, cairn("backup", "forget", "--keep-last", "1"), text::toString);
        assertEquals(0, cairn("repo", "prune"), text::toString);
        assertEquals(0, cairn("repo", "check", "--read-data"), text::toString);
        assertEquals(0, cairn("repo", "stats", "--json"), text::toString);
        assertEquals(0, cairn("repo", "keys", "ls"), text::toString);
    }

    @Test
    void command_asASource_isThawedAndFound() throws Exception {
        assertEquals(0, cairn("repo", "init"), text::toString);
        String log = scratch.resolve("log").toString();
        assertEquals(
                0,
                cairn(
                        "backup",
                        "run",
                        "--source",
                        "command:sh -c 'echo dumped; cat " + log + "'",
                        "--name",
                        "dump",
                        "--before",
                        "sh -c 'echo quiet >>" + log + "'",
                        "--after",
                        "sh -c 'echo thawed >>" + log + "'",
                        "--json"),
                text::toString);
        assertEquals("quiet\nthawed\n", Files.readString(Path.of(log)));
        assertTrue(text.toString().contains("command/dump"), text::toString);
        assertEquals(1, cairn("backup", "run", "--source", "command:sh -c 'echo half; exit 3'"), text::toString);
        assertEquals(0, cairn("backup", "ls", "--partial"), text::toString);
        assertTrue(text.toString().contains("partial, failed"), text::toString);
        assertEquals(0, cairn("backup", "collect", "--older-than", "PT0S"), text::toString);
    }

    @Test
    void run_withoutVerification_isAPointAfterOne() throws Exception {
        assertEquals(0, cairn("repo", "init"), text::toString);
        String source = scratch.resolve("source").toString();
        assertEquals(0, cairn("backup", "run", "--source", source, "--no-verify"), text::toString);
        var matcher = java.util.regex.Pattern.compile("run (\\d{8}_\\d{6}):").matcher(text.toString());
        assertTrue(matcher.find(), text::toString);
        assertEquals(0, cairn("backup", "verify", matcher.group(1)), text::toString);
        assertEquals(0, cairn("backup", "show", matcher.group(1)), text::toString);
        assertEquals(0, cairn("backup", "ls", matcher.group(1)), text::toString);
    }

    @Test
    void policy_runByHand_keepsKeysThatComeBack() throws Exception {
        assertEquals(0, cairn("repo", "init"), text::toString);
        Path key = Files.writeString(scratch.resolve("master.key"), "the key of volumes");
        Path policy = Files.writeString(scratch.resolve("shop.toml"), """
                repository = '%s'
                password-file = '%s'
                schedule = "15 2 * * *"
                escrow = ['%s']
                [[source]]
                word = '%s'
                [[source]]
                command = ["echo", "dumped"]
                name = "dump"
                """.formatted(
                        scratch.resolve("repo"), scratch.resolve("password"), key, scratch.resolve("source")));
        assertEquals(0, plain("backup", "policy", "check", policy.toString()), text::toString);
        assertEquals(0, plain("backup", "policy", "run", policy.toString()), text::toString);
        assertEquals(0, cairn("backup", "keys", "ls"), text::toString);
        assertTrue(text.toString().contains("master.key"), text::toString);
        Path target = scratch.resolve("keys");
        assertEquals(0, cairn("backup", "keys", "export", "--target", target.toString()), text::toString);
        assertEquals("the key of volumes", Files.readString(target.resolve("master.key")));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(target.resolve("master.key"))));
        assertEquals(1, cairn("backup", "keys", "export", "--target", target.toString()), "nothing is overwritten");
        assertFalse(text.toString().contains("the key of volumes"), "a key was shown");
        assertEquals(0, cairn("backup", "forget", "--keep-last", "1"), text::toString);
        assertEquals(1, cairn("backup", "forget", "point", "latest"), "the only verified one stays");
    }

    private int plain(String... arguments) {
        PrintWriter out = new PrintWriter(text);
        return Cairn.commandLine().setOut(out).setErr(out).execute(arguments);
    }

    @Test
    void password_wrong_hasAStatusOfItsOwn() throws Exception {
        assertEquals(0, cairn("repo", "init"), text::toString);
        Files.writeString(scratch.resolve("password"), "another\n");
        assertEquals(RepositoryOptions.WRONG_PASSWORD, cairn("repo", "stats"));
    }

    @Test
    void source_withAPassword_isRefusedWithoutShowingIt() throws Exception {
        assertEquals(0, cairn("repo", "init"), text::toString);
        assertEquals(1, cairn("backup", "run", "--source", "postgres://user:hunter2@host/db"));
        assertFalse(text.toString().contains("hunter2"), text::toString);
    }
}
