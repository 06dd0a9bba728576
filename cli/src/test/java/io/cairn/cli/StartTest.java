package io.cairn.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StartTest {
    @Test
    void store_isLoadedBeforehand_unlessTheRolesLeaveItOut() {
        assertTrue(Start.mayHaveStore("start"));
        assertTrue(Start.mayHaveStore("start", "--data", "x"));
        assertTrue(Start.mayHaveStore("start", "--roles", "volumes,store"));
        assertTrue(Start.mayHaveStore("start", "--roles=STORE"));
        assertFalse(Start.mayHaveStore("start", "--roles=volumes"));
        assertFalse(Start.mayHaveStore("start", "--data", "x", "--roles", "volumes"));
    }
}
