package io.cairn.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exchange of RFC 7677, section 3. */
final class ScramTest {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String CHALLENGE =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private static Scram scram() {
        return new Scram("pencil".getBytes(StandardCharsets.UTF_8), Optional.empty(), false, "user", NONCE);
    }

    @Test
    void exchange_ofTheStandard_isTheStandards() throws IOException {
        Scram scram = scram();
        assertEquals("n,,n=user,r=" + NONCE, new String(scram.first(), StandardCharsets.UTF_8));
        assertEquals(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                new String(scram.answer(CHALLENGE), StandardCharsets.UTF_8));
        scram.finish("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void server_thatDoesNotKnowThePassword_isFoundOut() throws IOException {
        Scram scram = scram();
        scram.answer(CHALLENGE);
        assertThrows(IOException.class, () -> scram.finish("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    @Test
    void challenge_thatIsNoneOfOurs_isRefused() {
        for (String bad : new String[] {
            "",
            "r=",
            "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "r=" + NONCE + "x,s=*,i=4096",
            "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
            "r=" + NONCE + "x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000"
        }) {
            assertThrows(IOException.class, () -> scram().answer(bad), bad);
        }
    }
}
