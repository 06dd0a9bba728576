package io.cairn.consensus;

import io.cairn.model.CommandLog;
import java.nio.file.Path;

final class ThreeMembersLogTest extends CommandLogContract {
    @Override
    CommandLog open(Path directory) {
        return Logs.open(directory, 3);
    }
}
