package io.cairn.backup.point;

import io.cairn.backup.Cut;
import io.cairn.backup.Part;
import io.cairn.backup.SourceName;
import io.cairn.backup.Taken;
import io.cairn.repository.Backup;
import io.cairn.repository.TreeBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A source that has one small file, whose content says where it is from. */
class TestPart implements Part {
    private static final Instant TIME = Instant.parse("2026-11-22T21:00:00Z");

    private final SourceName name;

    TestPart(String kind, String place) {
        name = new SourceName(kind, place);
    }

    static String content(String name) {
        return "the content of /" + name;
    }

    @Override
    public SourceName name() {
        return name;
    }

    @Override
    public Taken take(Backup backup) {
        byte[] content = ("the content of " + name.path()).getBytes(StandardCharsets.UTF_8);
        Backup.Result result = backup.tree(
                name.paths(),
                tree -> tree.file(
                        name.path() + "/file",
                        TreeBuilder.Entry.at(TIME, 0600),
                        Optional.empty(),
                        content.length,
                        new ByteArrayInputStream(content)));
        return new Taken(new Cut(TIME, TIME.plusSeconds(1), Map.of("place", name.place())), result);
    }
}
