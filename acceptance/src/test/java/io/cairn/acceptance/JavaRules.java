package io.cairn.acceptance;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The rules of the house that need the syntax tree of a Java source, as javac parses it. One use, one thread. */
final class JavaRules extends TreePathScanner<Void, String> {
    static final int METHOD_LINES_MAX = 70;
    private static final Set<String> LAYERS = Set.of("slow", "acceptance");
    private static final Set<String> TESTS =
            Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate");

    private final DocTrees trees;
    private final CompilationUnitTree unit;
    private final List<Violation> found = new ArrayList<>();

    private JavaRules(DocTrees trees, CompilationUnitTree unit) {
        this.trees = trees;
        this.unit = unit;
    }

    /** Checks sources by path; parses all of them in one task, resolving nothing. */
    static List<Violation> check(Map<String, String> sources) throws IOException {
        List<JavaFileObject> inputs = new ArrayList<>();
        sources.forEach((path, text) -> inputs.add(new Source(path, text)));
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(null, null, _ -> {}, List.of("-proc:none"), null, inputs);
        DocTrees trees = DocTrees.instance(task);
        var found = new ArrayList<Violation>();
        for (CompilationUnitTree unit : task.parse()) {
            var rules = new JavaRules(trees, unit);
            rules.scan(unit, unit.getSourceFile().toUri().getPath().substring(1));
            found.addAll(rules.found);
        }
        found.addAll(packagesWithoutWords(sources));
        return found;
    }

    private static List<Violation> packagesWithoutWords(Map<String, String> sources) {
        return sources.keySet().stream()
                .filter(path -> path.contains("src/main/java/"))
                .map(path -> path.substring(0, path.lastIndexOf('/') + 1) + "package-info.java")
                .distinct()
                .filter(path -> !sources.containsKey(path))
                .map(path -> new Violation("package-info", path, 1))
                .toList();
    }

    @Override
    public Void visitCompilationUnit(CompilationUnitTree tree, String path) {
        if (path.endsWith("package-info.java")) {
            DocCommentTree words =
                    trees.getDocCommentTree(com.sun.source.util.TreePath.getPath(tree, tree.getPackage()));
            if (words == null || words.getFirstSentence().isEmpty()) {
                found.add(new Violation("package-info", path, 1));
            }
        }
        return super.visitCompilationUnit(tree, path);
    }

    @Override
    public Void visitClass(ClassTree tree, String path) {
        String name = tree.getSimpleName().toString();
        if (TextRules.isBannedName(name)) {
            found.add(new Violation("name", path + "#" + name, 1));
        }
        boolean topLevel = getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
        boolean runnable = tree.getKind() == Tree.Kind.CLASS
                && !tree.getModifiers().getFlags().contains(Modifier.ABSTRACT);
        if (topLevel && runnable && hasTests(tree) && !name.endsWith("Test")) {
            found.add(new Violation("test-nobody-runs", path + "#" + name, 1));
        }
        return super.visitClass(tree, path);
    }

    private static boolean hasTests(ClassTree tree) {
        return tree.getMembers().stream()
                .filter(MethodTree.class::isInstance)
                .flatMap(method -> ((MethodTree) method).getModifiers().getAnnotations().stream())
                .anyMatch(annotation -> TESTS.contains(simpleName(annotation.getAnnotationType())));
    }

    @Override
    public Void visitMethod(MethodTree tree, String path) {
        long lines = lineAt(trees.getSourcePositions().getEndPosition(unit, tree)) - firstLine(tree) + 1;
        if (lines > METHOD_LINES_MAX) {
            found.add(new Violation("method-length", path + "#" + tree.getName(), (int) lines));
        }
        return super.visitMethod(tree, path);
    }

    private long firstLine(MethodTree tree) {
        return lineAt(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    private long lineAt(long position) {
        return position < 0 ? 0 : unit.getLineMap().getLineNumber(position);
    }

    @Override
    public Void visitAnnotation(AnnotationTree tree, String path) {
        String name = simpleName(tree.getAnnotationType());
        if (name.equals("Disabled") && tree.getArguments().isEmpty()) {
            report("skip-without-reason", tree, path);
        }
        if (name.equals("Tag") && tree.getArguments().stream().noneMatch(JavaRules::namesALayer)) {
            report("unknown-layer", tree, path);
        }
        return super.visitAnnotation(tree, path);
    }

    private static boolean namesALayer(ExpressionTree argument) {
        Tree value = argument instanceof com.sun.source.tree.AssignmentTree named ? named.getExpression() : argument;
        return !(value instanceof LiteralTree literal) || LAYERS.contains(String.valueOf(literal.getValue()));
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, String path) {
        if (path.contains("src/test/")) {
            int arguments = tree.getArguments().size();
            boolean silent = switch (simpleName(tree.getMethodSelect())) {
                case "assumeTrue", "assumeFalse" -> arguments < 2;
                default -> false;
            };
            if (silent) {
                report("skip-without-reason", tree, path);
            }
        }
        return super.visitMethodInvocation(tree, path);
    }

    private void report(String rule, Tree tree, String path) {
        long line = lineAt(trees.getSourcePositions().getStartPosition(unit, tree));
        found.add(new Violation(rule, path + ":" + line, 1));
    }

    private static String simpleName(Tree tree) {
        String name = tree.toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** A source in memory, whose address ends in its path. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String path, String text) {
            super(URI.create("string:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
