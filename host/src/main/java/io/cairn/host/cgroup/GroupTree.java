package io.cairn.host.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the groups of containers are: everything below the parents that container engines use, and below those that the
 * operator named. systemd's slice has services beside the scopes of containers; those are not containers. Stateless.
 */
final class GroupTree {
    /** The parent that Docker uses with the cgroupfs driver. */
    static final String DOCKER = "docker";

    /** The slice that it uses with the systemd driver, and the one that is usual for {@code --cgroup-parent}. */
    private static final List<String> SLICES = List.of("system.slice", "docker.slice");

    private static final Pattern SCOPE = Pattern.compile(".+-[0-9a-f]{64}\\.scope");
    private static final String SLICE_WITH_SERVICES = "system.slice";

    private final Path root;
    private final List<Path> parents;

    /** {@code named} are paths in the hierarchy, such as {@code kubepods.slice}. */
    GroupTree(Path root, List<String> named) {
        this.root = root;
        var all = new ArrayList<Path>();
        all.add(root.resolve(DOCKER));
        SLICES.forEach(slice -> all.add(root.resolve(slice)));
        named.stream().map(name -> name.replaceFirst("^/+", "")).forEach(name -> all.add(root.resolve(name)));
        parents = all.stream().distinct().toList();
    }

    Path root() {
        return root;
    }

    /** The parents, whether they are there or not. */
    List<Path> parents() {
        return parents;
    }

    /** True for what leads to containers: the root, parents, and what is on the way to them. */
    boolean leads(Path group) {
        return parents.stream().anyMatch(parent -> parent.startsWith(group));
    }

    /** True for the group of a container, and for groups inside it. */
    boolean isContainer(Path group) {
        for (Path parent : parents) {
            if (group.startsWith(parent) && !group.equals(parent)) {
                Path child = parent.relativize(group).getName(0);
                boolean services = parent.equals(root.resolve(SLICE_WITH_SERVICES));
                return !leads(group)
                        && (!services || SCOPE.matcher(child.toString()).matches());
            }
        }
        return false;
    }

    /** Every group of a container that is there now. */
    List<Path> containers() {
        var found = new ArrayList<Path>();
        parents.forEach(parent -> descend(parent, found));
        return found.stream().distinct().toList();
    }

    private void descend(Path group, List<Path> found) {
        for (Path child : children(group)) {
            if (isContainer(child)) {
                found.add(child);
            }
            if (isContainer(child) || leads(child)) {
                descend(child, found);
            }
        }
    }

    /** Every group of the hierarchy. */
    List<Path> all() {
        var found = new ArrayList<>(List.of(root));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(children(found.get(i)));
        }
        return found;
    }

    /** The groups directly in a group; none when it is gone. */
    static List<Path> children(Path group) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
            var found = new ArrayList<Path>();
            entries.forEach(found::add);
            return found;
        } catch (IOException | java.nio.file.DirectoryIteratorException _) {
            return List.of();
        }
    }
}
