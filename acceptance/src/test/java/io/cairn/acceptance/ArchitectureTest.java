package io.cairn.acceptance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The floors of the house, read from its classes: arrows only point down, and each adapter keeps its library. */
final class ArchitectureTest {
    private static final Pattern MODULE = Pattern.compile("<module>([a-z0-9]+)</module>");

    private static JavaClasses house;
    private static List<String> floors;

    @BeforeAll
    static void read() throws IOException {
        house = new ClassFileImporter()
                .withImportOption(ArchitectureTest::production)
                .importPackages("io.cairn");
        floors = new ArrayList<>();
        Matcher modules = MODULE.matcher(Files.readString(Path.of(System.getProperty("cairn.root", ".."), "pom.xml")));
        while (modules.find()) {
            floors.add(modules.group(1));
        }
    }

    /** Wherever the build puts them; the quick one has a directory of its own. */
    private static boolean production(Location classes) {
        return !classes.contains("/test-classes/") && !classes.contains("-tests.jar");
    }

    /** Rules over nothing hold; so the house must be here. */
    @Test
    void house_asImported_isComplete() {
        for (String module : List.of(
                "base",
                "model",
                "wire",
                "erasure",
                "http",
                "host",
                "shards",
                "metadata",
                "consensus",
                "engine",
                "volumes",
                "client",
                "containers",
                "repository",
                "backup",
                "s3",
                "docker",
                "server",
                "cli")) {
            assertTrue(house.stream().anyMatch(type -> floor(type) == floors.indexOf(module)), module);
        }
    }

    @Test
    void arrows_betweenFloors_pointDown() {
        classes().should(dependOnlyDownwards()).check(house);
    }

    @Test
    void testkit_isForTests() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.cairn.testkit..", "io.cairn.simulation..", "io.cairn.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cairn.testkit..")
                .check(house);
    }

    @Test
    void libraries_stayWithTheirAdapter() {
        onlyIn("io.netty..", "io.cairn.http..", "io.cairn.benchmarks..");
        onlyIn("org.apache.ratis..", "io.cairn.consensus..");
        onlyIn("org.rocksdb..", "io.cairn.metadata..", "io.cairn.shards..");
        onlyIn("jdk.incubator.vector..", "io.cairn.erasure..");
        onlyIn("picocli..", "io.cairn.cli..", "io.cairn.benchmarks..");
    }

    private static void onlyIn(String library, String... modules) {
        noClasses()
                .that(resideInAPackage("io.cairn..").and(DescribedPredicate.not(resideInAnyPackage(modules))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true)
                .check(house);
    }

    /** The host knows only Linux, and volumes only the host: neither has heard of Docker, of HTTP or of objects. */
    @Test
    void volumes_knowOnlyTheHost() {
        ownArrows("io.cairn.host..", "io.cairn.base..", "io.cairn.host..");
        ownArrows("io.cairn.volumes..", "io.cairn.base..", "io.cairn.host..", "io.cairn.volumes..");
        // Docker's face speaks of limits and usage, the nouns of the host, and reaches no adapter of it.
        ownArrows(
                "io.cairn.docker..",
                "io.cairn.base..",
                "io.cairn.http..",
                "io.cairn.host",
                "io.cairn.volumes..",
                "io.cairn.docker..");
    }

    /** Recovery works when the cluster is dead: backups and their repository have never heard of the engine. */
    @Test
    void backups_doNotNeedTheCluster() {
        ownArrows(
                "io.cairn.repository..",
                "io.cairn.base..",
                "io.cairn.wire..",
                "io.cairn.model..",
                "io.cairn.client..",
                "io.cairn.repository..");
        ownArrows(
                "io.cairn.backup..",
                "io.cairn.base..",
                "io.cairn.wire..",
                "io.cairn.model..",
                "io.cairn.host..",
                "io.cairn.client..",
                "io.cairn.containers..",
                "io.cairn.volumes..",
                "io.cairn.repository..",
                "io.cairn.backup..");
    }

    private static void ownArrows(String module, String... targets) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.cairn..").and(DescribedPredicate.not(resideInAnyPackage(targets))))
                .check(house);
    }

    @Test
    void clockAndDice_areInBaseAlone() {
        var elsewhere = noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.cairn.base..", "io.cairn.testkit..", "io.cairn.benchmarks..", "io.cairn.acceptance..")
                .should();
        elsewhere
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDateTime.class, "now")
                .orShould()
                .callMethod(java.time.ZonedDateTime.class, "now")
                .orShould()
                .callMethod(java.time.Clock.class, "systemUTC")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(ThreadLocalRandom.class, "current")
                .orShould()
                .callConstructorWhere(describe(
                        "makes randomness",
                        call -> call.getTargetOwner().isAssignableTo(Random.class)
                                || call.getTargetOwner().isEquivalentTo(SecureRandom.class)
                                || call.getTargetOwner().isEquivalentTo(SplittableRandom.class)))
                .check(house);
    }

    @Test
    void console_isForTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.cairn.cli..", "io.cairn.benchmarks..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(house);
    }

    @Test
    void classes_areFinalSealedOrAbstract() {
        classes()
                .that(describe(
                        "are plain classes",
                        type -> !type.isInterface() && !type.isEnum() && !type.isRecord() && !type.isAnonymousClass()))
                .should(new ArchCondition<>("be final, sealed or abstract") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                                || type.getModifiers().contains(JavaModifier.ABSTRACT)
                                || type.reflect().isSealed();
                        // The constants of an enum with bodies are classes of its own.
                        boolean constant = type.getSuperclass()
                                .filter(parent -> parent.toErasure().isEnum())
                                .isPresent();
                        events.add(new SimpleConditionEvent(type, closed || constant, type.getName() + " is open"));
                    }
                })
                .check(house);
    }

    private static ArchCondition<JavaClass> dependOnlyDownwards() {
        return new ArchCondition<>("depend only on floors below") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency arrow : type.getDirectDependenciesFromSelf()) {
                    boolean up = floor(arrow.getTargetClass()) > floor(type);
                    events.add(new SimpleConditionEvent(type, !up, arrow.getDescription()));
                }
            }
        };
    }

    /** The place of a class's module in the parent pom, or -1 for what is not ours. */
    private static int floor(JavaClass type) {
        String[] parts = type.getPackageName().split("[.]");
        return parts.length >= 3 && type.getPackageName().startsWith("io.cairn.") ? floors.indexOf(parts[2]) : -1;
    }
}
