package io.cairn.consensus;

import io.cairn.model.CommandLog;
import java.nio.file.Path;

final class MemoryLogTest extends CommandLogContract {
    @Override
    CommandLog open(Path directory) {
        return new MemoryLog(TallyState.open(directory));
    }
}
