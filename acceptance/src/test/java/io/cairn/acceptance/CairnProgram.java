package io.cairn.acceptance;

import java.nio.file.Path;
import java.util.List;

/**
 * The program under test as a command line: {@code ./cairn}, with the flags of production, or with
 * {@code -Dcairn.classpath} its main class on the class path of the tests, which spares the build. Stateless.
 */
public final class CairnProgram {
    private static final Path ROOT =
            Path.of(System.getProperty("cairn.root", "..")).toAbsolutePath().normalize();

    private CairnProgram() {}

    public static List<String> command() {
        if (System.getProperty("cairn.classpath") == null) {
            return List.of(ROOT.resolve("cairn").toString());
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-Xmx448m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.cairn.cli.Cairn");
    }
}
