package io.cairn.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.testkit.Property;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any bytes make a call or a refusal, and any refusal can be written. */
@Timeout(60)
class CallFuzzTest {
    private static final List<String> SEEDS = List.of(
            "{\"Name\":\"vol1\",\"Opts\":{\"fs\":\"ext4\",\"iops\":\"500\",\"size\":\"64M\"}}\n",
            "{\"Name\":\"vol1\",\"ID\":\"c7cb3430c7cb3430c7cb3430\"}\n",
            "{\"Name\":\"\\ud83d\\ude00\",\"Opts\":null,\"X\":[1,2.5e3,true,null,{\"y\":[]}]}",
            "{}");
    private static final String TOKENS = "{}[]\",:\\u0-eE.+ntf \n";

    private static byte[] mutated(SplittableRandom random) {
        byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(UTF_8);
        StringBuilder text = new StringBuilder(new String(bytes, ISO_8859_1));
        for (int edits = random.nextInt(6); edits >= 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, TOKENS.charAt(random.nextInt(TOKENS.length())));
                case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(9)));
                default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    @Test
    void bytes_ofAnyKind_areDecodedOrRefused() {
        Property.holds(20_000, random -> {
            byte[] body = mutated(random);
            CallKind kind = CallKind.values()[random.nextInt(CallKind.values().length)];
            try {
                assertNotNull(CallDecoder.decode(kind, body, body.length));
            } catch (PluginRefusal refusal) {
                byte[] answer = AnswerWriter.error(refusal.sentence());
                assertTrue(new String(answer, UTF_8).startsWith("{\"Err\":\""));
            }
        });
    }

    @Test
    void names_ofAnyKind_canBeRepeatedInAnAnswer() {
        Property.holds(5_000, random -> {
            char[] name = new char[random.nextInt(64)];
            for (int i = 0; i < name.length; i++) {
                name[i] = (char) (random.nextBoolean() ? 0xd7f0 + random.nextInt(0x820) : random.nextInt(0x10000));
            }
            String answer = new String(AnswerWriter.error("no such volume: " + new String(name)), UTF_8);
            assertTrue(answer.startsWith("{\"Err\":\"no such volume: "));
            assertTrue(answer.chars().noneMatch(c -> c == 0x1b || c == 0x9b), "nothing that a terminal obeys");
        });
    }
}
