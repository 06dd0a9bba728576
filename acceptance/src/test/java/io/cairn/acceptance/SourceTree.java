package io.cairn.acceptance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The text files of this repository by their path from its root, as they are on disk. Immutable. */
record SourceTree(SortedMap<String, String> files) {
    /** What builds, tools and running stores leave behind. */
    private static final Set<String> LEFT_BEHIND =
            Set.of(".git", "target", "dist", "cairn-data", ".idea", ".vscode", ".settings", "cache");

    private static final Set<String> TEXT = Set.of(
            "java",
            "md",
            "xml",
            "sh",
            "properties",
            "txt",
            "yml",
            "yaml",
            "toml",
            "json",
            "config",
            "js",
            "css",
            "html",
            "editorconfig",
            "gitignore",
            "gitattributes");

    /** Reads the tree that the build named, in the system property {@code cairn.root}. */
    static SourceTree read() throws IOException {
        Path root = Path.of(System.getProperty("cairn.root", ".."));
        var files = new TreeMap<String, String>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skip = LEFT_BEHIND.contains(directory.getFileName().toString()) && !directory.equals(root);
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && isText(file)) {
                    files.put(root.relativize(file).toString(), Files.readString(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new SourceTree(files);
    }

    private static boolean isText(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        // Scripts and LICENSE, NOTICE have no extension.
        return dot < 0 ? !name.equals("LICENSE") : TEXT.contains(name.substring(dot + 1));
    }
}
