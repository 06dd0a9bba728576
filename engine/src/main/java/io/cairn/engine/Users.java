package io.cairn.engine;

import io.cairn.model.Command;
import io.cairn.model.UserRow;
import java.util.List;
import java.util.Optional;

/** Access keys beside the root key. Thread-safe. */
public final class Users {
    private final Metadata metadata;
    private final Catalogue catalogue;

    Users(Metadata metadata, Catalogue catalogue) {
        this.metadata = metadata;
        this.catalogue = catalogue;
    }

    /** Adds or replaces the access key; durable on return. */
    public void put(UserRow user) {
        metadata.apply(new Command.PutUser(user));
        catalogue.refresh();
    }

    public Optional<UserRow> find(String accessKey) {
        return metadata.view().user(accessKey);
    }

    public List<UserRow> list() {
        return metadata.view().users();
    }
}
