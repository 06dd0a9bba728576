import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Lays out a runnable directory from a directory of jars: {@code lib/} with the jars and their fixed order,
 * {@code native/} with this machine's native libraries, so that none is unpacked at every start, {@code licenses/}
 * with what each third party's jar says of its licence.
 *
 * <p>Native libraries leave the jars: rocksdbjni carries 15 platforms (92 MB). Classes older than Java 6 get the format
 * of Java 8, because start-up caches leave them out, and loading picocli took each command 0.3 s. Every file gets one
 * fixed time, because a start-up cache remembers size and time of each jar.
 */
final class Assemble {
    private static final Pattern LICENSE =
            Pattern.compile("(?i)(META-INF/)?(licen[sc]es?/.*|(licen[sc]e|notice)[^/]*)");
    private static final int HEAD = 8;
    private static final int FIRST_CACHED = 50;
    private static final FileTime EPOCH = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    private final Path lib;
    private final Path natives;
    private final Path licenses;

    private Assemble(Path home) throws IOException {
        lib = Files.createDirectories(home.resolve("lib"));
        natives = Files.createDirectories(home.resolve("native"));
        licenses = Files.createDirectories(home.resolve("licenses"));
    }

    public static void main(String[] args) throws IOException {
        new Assemble(Path.of(args[1])).assemble(Path.of(args[0]));
    }

    private void assemble(Path from) throws IOException {
        List<Path> jars;
        try (var files = Files.list(from)) {
            jars = new ArrayList<>(files.filter(file -> file.toString().endsWith(".jar")).toList());
        }
        jars.sort((a, b) -> rank(a).compareTo(rank(b)));
        for (Path jar : jars) {
            Path target = lib.resolve(jar.getFileName());
            if (carriesNatives(jar) || isOld(jar)) {
                split(jar, target);
            } else {
                Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.setLastModifiedTime(target, EPOCH);
            keepLicenses(jar);
        }
        List<String> names = jars.stream().map(jar -> jar.getFileName().toString()).toList();
        Files.write(lib.resolve("order"), names);
        System.out.println(names.size() + " jars");
    }

    /** Our own jars come first, then the others by name. */
    private static String rank(Path jar) {
        String name = jar.getFileName().toString();
        return (name.startsWith("cairn-") ? "0" : "1") + name;
    }

    private void keepLicenses(Path jar) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (!entry.isDirectory() && LICENSE.matcher(name).matches()) {
                    Path target = Files.createDirectories(licenses.resolve(jar.getFileName()))
                            .resolve(Path.of(name).getFileName().toString());
                    try (var in = zip.getInputStream(entry)) {
                        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private static boolean carriesNatives(Path jar) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.stream().anyMatch(Assemble::isNative);
        }
    }

    private static boolean isNative(ZipEntry entry) {
        String name = entry.getName();
        return name.endsWith(".so") || name.endsWith(".jnilib") || name.endsWith(".dll") || name.endsWith(".dylib");
    }

    private void split(Path jar, Path target) throws IOException {
        try (var zip = new ZipFile(jar.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(target))) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (isNative(entry)) {
                    unpackIfOurs(zip, entry);
                } else if (!isSignature(entry)) {
                    var copy = new ZipEntry(entry.getName());
                    copy.setLastModifiedTime(EPOCH);
                    out.putNextEntry(copy);
                    try (var in = zip.getInputStream(entry)) {
                        out.write(current(in.readAllBytes(), zip));
                    }
                    out.closeEntry();
                }
            }
        }
    }

    /** True for a jar whose first class is of a format that no start-up cache takes: picocli's is that of Java 5. */
    private static boolean isOld(Path jar) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
                    try (var in = zip.getInputStream(entry)) {
                        return isOld(in.readNBytes(HEAD));
                    }
                }
            }
            return false;
        }
    }

    private static boolean isOld(byte[] file) {
        return file.length >= HEAD && ByteBuffer.wrap(file).getInt() == 0xCAFEBABE && file[HEAD - 1] < FIRST_CACHED;
    }

    /** The same, and a class of an old format in that of Java 8: with a table of types for each method. */
    private static byte[] current(byte[] file, ZipFile jar) {
        if (!isOld(file)) {
            return file;
        }
        var classes = ClassHierarchyResolver.ofResourceParsing(type -> {
            String name = type.descriptorString();
            ZipEntry entry = jar.getEntry(name.substring(1, name.length() - 1) + ".class");
            try {
                return entry == null ? null : jar.getInputStream(entry);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        ClassFile format = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(classes.orElse(ClassHierarchyResolver.defaultResolver())));
        ClassTransform version = (target, part) -> target.with(
                part instanceof ClassFileVersion ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : part);
        ClassTransform bodies = ClassTransform.transformingMethodBodies((target, part) -> target.with(part));
        return format.transformClass(format.parse(file), version.andThen(bodies));
    }

    private static boolean isSignature(ZipEntry entry) {
        return entry.getName().matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    private void unpackIfOurs(ZipFile zip, ZipEntry entry) throws IOException {
        String file = Path.of(entry.getName()).getFileName().toString();
        Optional<String> name =
                file.startsWith("libzstd-jni") ? zstdForThisMachine(entry, file) : nameForThisMachine(file);
        if (name.isPresent()) {
            Path target = natives.resolve(name.get());
            try (var in = zip.getInputStream(entry)) {
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.setLastModifiedTime(target, EPOCH);
        }
    }

    /** zstd-jni has one directory per platform, and one name. */
    private static Optional<String> zstdForThisMachine(ZipEntry entry, String file) {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String directory = mac ? "darwin/" + (arm ? "aarch64" : "x86_64") : "linux/" + (arm ? "aarch64" : "amd64");
        return entry.getName().startsWith(directory + "/") ? Optional.of(file) : Optional.empty();
    }

    /** The name under which a library is loaded here, or nothing where it belongs to another machine. */
    private static Optional<String> nameForThisMachine(String file) {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        if (file.startsWith("librocksdbjni")) {
            String ours = mac
                    ? "librocksdbjni-osx-" + (arm ? "arm64" : "x86_64") + ".jnilib"
                    : "librocksdbjni-" + (arm ? "linux-aarch64" : "linux64") + ".so";
            return file.equals(ours) ? Optional.of(file.replace(".jnilib", ".dylib")) : Optional.empty();
        }
        String suffix = (arm ? "aarch_64" : "x86_64") + (mac ? ".jnilib" : ".so");
        return file.endsWith(suffix) && mac == file.endsWith(".jnilib")
                ? Optional.of(file.replace(".jnilib", ".dylib"))
                : Optional.empty();
    }
}
