package io.cairn.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two commands find what they need ({@code scripts/toolchain.sh}), on a machine made of empty directories. */
final class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("cairn.root", ".."));

    @TempDir
    private Path machine;

    private record Outcome(int status, String out) {}

    @Test
    void jdk_behindOlderJavaHome_isFound() throws Exception {
        Path old = jdk("usual/java-17", "17.0.15");
        jdk("usual/java-21", "21");
        Path right = jdk("usual/some-25", "25.0.3");
        assertEquals(new Outcome(0, right.toString()), findJdk(old));
    }

    @Test
    void jdk_inJavaHome_winsOverOthers() throws Exception {
        jdk("usual/a-25", "25");
        Path chosen = jdk("elsewhere/25", "25.0.1");
        assertEquals(new Outcome(0, chosen.toString()), findJdk(chosen));
    }

    @Test
    void jdk_withoutCompiler_isNotTaken() throws Exception {
        Path runtime = jdk("usual/jre-25", "25.0.3");
        Files.delete(runtime.resolve("bin/javac"));
        assertEquals(2, findJdk(runtime).status());
    }

    @Test
    void noJdk_saysInOneSentenceWhatToInstall() throws Exception {
        Outcome outcome = findJdk(jdk("usual/java-250", "250"));
        assertEquals(2, outcome.status());
        assertEquals(1, outcome.out().lines().count());
        assertTrue(outcome.out().startsWith("Cairn needs a JDK 25 and found none: install one"), outcome.out());
    }

    /** Where the launcher puts Maven, the wrapper looks: the directory is named by the hash of its address. */
    @Test
    void maven_isWhereTheWrapperLooks() throws Exception {
        var pinned = new Properties();
        try (var in = Files.newInputStream(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties"))) {
            pinned.load(in);
        }
        String address = pinned.getProperty("distributionUrl");
        String name = address.replaceFirst(".*/", "").replace("-bin.zip", "");
        String expected = machine + "/wrapper/dists/" + name + "/" + Integer.toHexString(address.hashCode());
        assertEquals(
                new Outcome(0, expected),
                bash("maven_home", Map.of("MAVEN_USER_HOME", machine.toString(), "HOME", machine.toString())));
    }

    private Path jdk(String place, String version) throws IOException {
        Path home = machine.resolve(place);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.createFile(home.resolve("bin/javac")).toFile().setExecutable(true);
        return home;
    }

    private Outcome findJdk(Path javaHome) throws Exception {
        Map<String, String> environment = Map.of(
                "JAVA_HOME", javaHome.toString(),
                "CAIRN_JDK_DIRS", machine.resolve("usual").toString(),
                "HOME", machine.toString(),
                "PATH", machine.toString());
        return bash("find_jdk; printf '%s' \"$JAVA_HOME\"", environment);
    }

    private static Outcome bash(String script, Map<String, String> environment) throws Exception {
        String whole = "set -euo pipefail; CAIRN_ROOT=$1; source \"$1/scripts/toolchain.sh\"; " + script;
        var builder = new ProcessBuilder(List.of("/bin/bash", "-c", whole, "bash", ROOT.toString()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "bash did not end");
        return new Outcome(process.exitValue(), out.strip());
    }
}
