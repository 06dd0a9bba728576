package io.cairn.console;

import io.cairn.engine.DriveView;
import io.cairn.engine.ObjectStore;
import io.cairn.model.DriveSpace;
import java.util.List;

/**
 * A drive as the admin API shows it; sizes in bytes.
 *
 * @param state {@code in} or {@code out} of the placement map
 * @param trouble what is wrong with it, empty when nothing is
 * @param mended what was damaged when it was opened and has been put right, empty when nothing was
 */
public record DriveInfo(
        String id,
        String path,
        String state,
        String trouble,
        String mended,
        long capacity,
        long free,
        long live,
        long dead,
        long segments,
        long reclaimed,
        long shards) {
    static List<DriveInfo> all(ObjectStore store) {
        return store.drives().stream().map(DriveInfo::of).toList();
    }

    private static DriveInfo of(DriveView view) {
        DriveSpace space = view.space().orElse(new DriveSpace(0, 0, 0, 0, 0, 0, 0));
        return new DriveInfo(
                view.drive().id().toString(),
                view.drive().path(),
                view.drive().state().name().toLowerCase(java.util.Locale.ROOT),
                view.trouble().orElse(view.space().isEmpty() ? "not open" : ""),
                view.mended().orElse(""),
                space.capacity(),
                space.free(),
                space.live(),
                space.dead(),
                space.segments(),
                space.reclaimed(),
                space.shards());
    }
}
