package io.cairn.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.model.CommandLog;
import io.cairn.model.UnavailableFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link CommandLog} owes its callers. */
@Timeout(60)
abstract class CommandLogContract {
    @TempDir
    Path directory;

    /** Opens the log of {@link TallyState}s in the directory, or opens it again. */
    abstract CommandLog open(Path directory);

    static String submit(CommandLog log, String command) {
        return new String(log.submit(command.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    static int count(CommandLog log, String command) {
        return ((TallyState) log.leaderState()).count(command);
    }

    @Test
    void submit_oneAfterAnother_appliesInOrderAndAnswersEach() {
        try (CommandLog log = open(directory)) {
            for (int i = 0; i < 50; i++) {
                assertEquals(Integer.toString(i), submit(log, "c" + i));
                assertEquals(1, count(log, "c" + i), "an answered command is visible");
            }
        }
    }

    @Test
    void submit_fromManyThreads_appliesEachOnceAndAnswersItsOwn() throws Exception {
        int submitters = 32;
        int each = 25;
        try (CommandLog log = open(directory);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Set<String>>> answers = new ArrayList<>();
            for (int s = 0; s < submitters; s++) {
                int submitter = s;
                answers.add(threads.submit(() -> {
                    Set<String> own = new HashSet<>();
                    for (int i = 0; i < each; i++) {
                        own.add(submit(log, submitter + "/" + i));
                    }
                    return own;
                }));
            }
            Set<String> all = new HashSet<>();
            for (Future<Set<String>> answer : answers) {
                all.addAll(answer.get());
            }
            assertEquals(submitters * each, all.size(), "each command has its own answer");
            for (int s = 0; s < submitters; s++) {
                for (int i = 0; i < each; i++) {
                    assertEquals(1, count(log, s + "/" + i));
                }
            }
        }
    }

    @Test
    void submit_largestCommand_isApplied() {
        String large = "x".repeat(RatisLogOptions.COMMAND_BYTES_MAX);
        try (CommandLog log = open(directory)) {
            assertEquals("0", submit(log, large));
            assertEquals("1", submit(log, "small"));
            assertEquals("2", submit(log, ""));
        }
    }

    @Test
    void open_afterClose_holdsEveryAnsweredCommandOnce() {
        try (CommandLog log = open(directory)) {
            submit(log, "a");
            submit(log, "b");
        }
        try (CommandLog log = open(directory)) {
            assertEquals("2", submit(log, "c"));
            assertEquals(1, count(log, "a"));
            assertEquals(1, count(log, "b"));
        }
    }

    @Test
    void status_whileOpen_namesTheLeader() {
        try (CommandLog log = open(directory)) {
            submit(log, "a");
            assertTrue(log.status().available());
            assertTrue(log.status().members().get(log.status().leader()).alive());
            assertTrue(log.status().committedIndex() >= 0);
        }
    }

    @Test
    void submit_afterClose_isUnavailable() {
        CommandLog log = open(directory);
        submit(log, "a");
        log.close();
        assertThrows(UnavailableFault.class, () -> submit(log, "b"));
        assertThrows(UnavailableFault.class, log::leaderState);
        assertFalse(log.status().available());
        log.close();
    }
}
