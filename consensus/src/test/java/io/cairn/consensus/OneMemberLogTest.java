package io.cairn.consensus;

import io.cairn.model.CommandLog;
import java.nio.file.Path;

final class OneMemberLogTest extends CommandLogContract {
    @Override
    CommandLog open(Path directory) {
        return Logs.open(directory, 1);
    }
}
