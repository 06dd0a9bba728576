package io.cairn.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of {@link TidyTest} is shown to fail on a planted breach, and to let its neighbour pass. */
final class TidyRulesTest {
    private static final String MAIN = "base/src/main/java/io/cairn/base/";

    @ParameterizedTest
    @CsvSource({
        "file-length, 701, true",
        "file-length, 700, false",
    })
    void file_ofLines_isMeasured(String rule, int lines, boolean caught) {
        assertCaught(rule, TextRules.check(MAIN + "Long.java", "//\n".repeat(lines)), caught);
    }

    @ParameterizedTest
    @CsvSource({"121, true", "120, false"})
    void line_ofChars_isMeasured(int chars, boolean caught) {
        assertCaught("line-length", TextRules.check("check", "x".repeat(chars)), caught);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"StringUtils", "util/Strings", "LogManager", "RaftLogImpl", "IOHelper", "common/Id", "Misc"})
    void name_thatSaysNothing_isCaught(String name) {
        assertCaught("name", TextRules.check(MAIN + name + ".java", ""), true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Commons", "Utility", "Simple", "Mischief", "Management"})
    void name_thatOnlyLooksBanned_passes(String name) {
        assertCaught("name", TextRules.check(MAIN + name + ".java", ""), false);
    }

    @Test
    void name_ofNestedClass_isCaught() throws IOException {
        assertCaught("name", java("final class A { static final class KeyHelper {} }"), true);
    }

    @ParameterizedTest
    @CsvSource({"later,// TO_DO: more", "later,# FIX_ME", "tab,a\tb", "registry,https://repo1.may_ven.org/x"})
    void line_withBreach_isCaught(String rule, String line) {
        // The planted words are cut in two, because this file obeys the rules too.
        String planted = line.replace("may_ven", "maven").replace("_", "").replace("\\t", "\t");
        assertCaught(rule, TextRules.check("docs/a.md", planted), true);
    }

    @ParameterizedTest
    @CsvSource({
        "see ~work/x, true",
        "cd ~root, true",
        "'\"~home/ann/cairn\"', true",
        "~usr/lib/jvm/temurin, true",
        "a/b~work/c, false",
        "~workshop, false",
        "chroot~x, false",
    })
    void path_ofOneMachine_isCaught(String line, boolean caught) {
        assertCaught("machine-path", TextRules.check("docs/a.md", line.replace('~', '/')), caught);
    }

    @ParameterizedTest
    @CsvSource({"71, true", "70, false"})
    void method_ofLines_isMeasured(int lines, boolean caught) throws IOException {
        String body = "\n".repeat(lines - 1);
        assertCaught("method-length", java("final class A { void m() {" + body + "} }"), caught);
    }

    @Test
    void package_withoutInfo_isCaught() throws IOException {
        assertCaught(
                "package-info", JavaRules.check(Map.of(MAIN + "A.java", "package io.cairn.base; class A {}")), true);
    }

    @Test
    void packageInfo_withoutWords_isCaught() throws IOException {
        assertCaught(
                "package-info", JavaRules.check(Map.of(MAIN + "package-info.java", "package io.cairn.base;")), true);
    }

    @ParameterizedTest
    @CsvSource({
        "@Disabled void a() {}, skip-without-reason",
        "void a() { assumeTrue(ready()); }, skip-without-reason",
        "void a() { Assumptions.assumeFalse(broken()); }, skip-without-reason",
        "@Test @Tag(\"slwo\") void a() {}, unknown-layer",
    })
    void skip_withoutReason_isCaught(String member, String rule) throws IOException {
        assertCaught(rule, test(member), true);
    }

    @Test
    void skip_withReason_passes() throws IOException {
        List<Violation> found =
                test("@Disabled(\"needs a printer\") @Tag(\"slow\") void a() { assumeTrue(b, \"why\"); }");
        assertEquals(List.of(), found);
    }

    @Test
    void tests_inClassThatNobodyRuns_areCaught() throws IOException {
        String path = "base/src/test/java/io/cairn/base/Checking.java";
        assertCaught("test-nobody-runs", JavaRules.check(Map.of(path, "class Checking { @Test void a() {} }")), true);
    }

    @Test
    void ratchet_coversExactlyWhatItSays() {
        var found = List.of(new Violation("method-length", "A.java#m", 80), new Violation("tab", "B.java:3", 1));
        var exact = new Ratchet(List.of("method-length A.java#m 80", "tab B.java 1"));
        var tooLow = new Ratchet(List.of("method-length A.java#m 79", "tab B.java 1"));
        var tooHigh = new Ratchet(List.of("method-length A.java#m 80", "tab B.java 2"));
        assertEquals(List.of(), exact.uncovered(found));
        assertEquals(List.of(), exact.loose(found));
        assertEquals(List.of("method-length A.java#m 80"), tooLow.uncovered(found));
        assertEquals(List.of("the ratchet says tab B.java 2, the truth is 1: lower it"), tooHigh.loose(found));
        assertEquals("method-length A.java#m 80\ntab B.java 1\n", Ratchet.of(found));
    }

    private static List<Violation> java(String source) throws IOException {
        return JavaRules.check(Map.of("a/A.java", source));
    }

    private static List<Violation> test(String member) throws IOException {
        return JavaRules.check(Map.of("base/src/test/java/ATest.java", "final class ATest { " + member + " }"));
    }

    private static void assertCaught(String rule, List<Violation> found, boolean caught) {
        var rules = new TreeSet<String>();
        found.forEach(violation -> rules.add(violation.rule()));
        assertEquals(caught ? List.of(rule) : List.of(), List.copyOf(rules));
    }
}
