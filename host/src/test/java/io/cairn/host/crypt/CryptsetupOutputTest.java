package io.cairn.host.crypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read from the words of cryptsetup 2.6. */
final class CryptsetupOutputTest {
    private static final String DUMP = """
            LUKS header information
            Version:       \t2
            Flags:       \t(no flags)
            Requirements:\tonline-reencrypt-v2

            Data segments:
              0: crypt
            \toffset: 16777216 [bytes]

            Keyslots:
              1: luks2
            \tKey:        512 bits
            \tAF stripes: 4000
              12: luks2
            \tKey:        512 bits
              13: reencrypt (unbound)
            \tMode:       reencrypt
            Tokens:
            Digests:
              0: pbkdf2
              2: luks2
            """;

    @Test
    void slots_ofADump_areThoseOfItsSection() {
        assertEquals(List.of(1, 12), Cryptsetup.slots(DUMP));
        assertEquals(List.of(), Cryptsetup.slots(""));
        assertEquals(List.of(), Cryptsetup.slots("Keyslots:\nTokens:\n  1: luks2\n"));
    }

    @Test
    void reencryption_inADump_isSeen() {
        assertTrue(Cryptsetup.isBeingReencrypted(DUMP));
        assertFalse(Cryptsetup.isBeingReencrypted(DUMP.replace("online-reencrypt-v2", "")));
    }

    @Test
    void slot_thatAKeyOpened_isTheOneThatWasSaid() {
        String said = "No usable token is available.\nKey slot 31 unlocked.\nCommand successful.\n";
        assertEquals(Optional.of(31), Cryptsetup.unlocked(said));
        assertEquals(Optional.empty(), Cryptsetup.unlocked("Key slot x unlocked.\n"));
    }

    @Test
    void anyWords_areReadWithoutAFault() {
        Property.holds(2000, random -> {
            StringBuilder text = new StringBuilder(DUMP);
            for (int i = random.nextInt(20); i > 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            }
            assertTrue(Cryptsetup.slots(text.toString()).size() <= 4);
            Cryptsetup.unlocked(text.toString());
            Cryptsetup.isBeingReencrypted(text.toString());
        });
    }
}
