package io.cairn.engine;

import io.cairn.model.CatalogueCodec;
import io.cairn.model.MetadataView;
import io.cairn.model.ShardStore;
import io.cairn.model.StorageFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps on every drive a copy of what salvage cannot learn from shards: buckets, users, placement. Written after each
 * change of these, which are rare. Thread-safe.
 */
final class Catalogue {
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private final Metadata metadata;
    private final DriveSet drives;

    Catalogue(Metadata metadata, DriveSet drives) {
        this.metadata = metadata;
        this.drives = drives;
    }

    /**
     * Writes the present state to every drive that takes it. A drive that fails gets it with the next change, or at
     * start.
     */
    synchronized void refresh() {
        MetadataView view = metadata.view();
        byte[] content =
                CatalogueCodec.encode(new CatalogueCodec.Content(view.buckets(), view.users(), view.placement()));
        for (ShardStore drive : drives.all()) {
            try {
                drive.writeCatalogue(content);
            } catch (StorageFault fault) {
                LOG.warn("the catalogue of drive {} could not be written: {}", drive.id(), fault.getMessage());
            }
        }
    }
}
