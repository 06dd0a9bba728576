package io.cairn.backup.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PolicyFileTest {
    private static final String HEAD = "repository = '/b'\npassword-file = '/p'\n";
    private static final String SOURCE = "[[source]]\nword = '/srv'\n";

    private static String refusal(String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> PolicyFile.parse("shop", text))
                .getMessage());
    }

    @Test
    void policy_withEverything_isRead() {
        Policy policy = PolicyFile.parse("shop", HEAD + """
                schedule = "15 2 * * *"
                time-zone = "Europe/Berlin"
                jitter = "10m"
                rpo = "24h"
                rto = "PT1H30M"
                recheck = "14d"
                [[source]]
                word = "postgres://u@h/db?password-file=/x"
                before = ["quiesce", "it"]
                after = ["thaw"]
                hook-timeout = "30s"
                [[source]]
                command = ["mysqldump", "shop"]
                name = "shop"
                timeout = "2h"
                [keep]
                daily = 14
                monthly = -1
                within = "30d"
                """);
        assertEquals("15 2 * * * Europe/Berlin", policy.schedule().orElseThrow().toString());
        assertEquals(Duration.ofMinutes(10), policy.jitter());
        assertEquals(Duration.ofMinutes(90), policy.rto().orElseThrow());
        assertEquals(Duration.ofDays(14), policy.recheck());
        assertEquals(
                List.of("quiesce", "it"), policy.sources().getFirst().hooks().before());
        assertEquals(List.of("mysqldump", "shop"), policy.sources().getLast().command());
        assertEquals(14, policy.keep().daily());
        assertEquals(Period.ofDays(30), policy.keep().within());
    }

    @Test
    void policy_withoutRules_keepsThirtyDays() {
        assertEquals(
                Period.ofDays(30),
                PolicyFile.parse("shop", HEAD + SOURCE).keep().within());
    }

    @Test
    void mistakes_areNamedWithTheirPlace() {
        assertTrue(refusal(HEAD + "shedule = '@daily'\n" + SOURCE).contains("did you mean 'schedule'"));
        assertTrue(refusal(HEAD + SOURCE + "excludes = []\n").contains("[[source]] 1 has the unknown key 'excludes'"));
        assertTrue(refusal(HEAD + SOURCE + "[keep]\ndayly = 3\n").contains("did you mean 'daily'"));
        assertTrue(refusal(HEAD + SOURCE + "[keep]\ndaily = 'x'\n").contains("[keep] daily is a number"));
        assertTrue(refusal(HEAD + "jitter = '10 minutes'\n" + SOURCE).contains("jitter is a time"));
        assertTrue(refusal(HEAD + "time-zone = 'Europe/Berlln'\n" + SOURCE).contains("did you mean 'Europe/Berlin'"));
        assertTrue(refusal(HEAD + "schedule = '0 0 30 2 *'\n" + SOURCE).contains("never comes"));
        assertTrue(refusal(HEAD).contains("no source"));
        assertTrue(refusal("repository = '/b'\n" + SOURCE).contains("password-file"));
        assertTrue(refusal(HEAD + SOURCE + "[keep]\n").contains("keeps nothing"));
        assertTrue(refusal(HEAD + "x = = 1").startsWith("policy shop: "));
        String secret = refusal(HEAD + "[[source]]\nword = 'postgres://u:hunter2@h/db'\n");
        assertTrue(secret.contains("?password-file=FILE") && !secret.contains("hunter2"), secret);
    }

    @Test
    void jitter_isTheSameAfterARestartAndWithinItsBound() {
        Policy policy = PolicyFile.parse("shop", HEAD + "jitter = '10m'\n" + SOURCE);
        boolean different = false;
        Instant first = Instant.parse("2026-11-22T00:00:00Z");
        for (int day = 0; day < 100; day++) {
            Instant planned = first.plus(Duration.ofDays(day));
            Duration later = Duration.between(planned, policy.begin(planned));
            assertEquals(policy.begin(planned), policy.begin(planned));
            assertFalse(later.isNegative() || later.compareTo(Duration.ofMinutes(10)) >= 0, later::toString);
            different |= later.compareTo(Duration.ofMinutes(5)) > 0;
        }
        assertTrue(different);
    }
}
