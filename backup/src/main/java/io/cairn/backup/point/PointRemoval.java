package io.cairn.backup.point;

import io.cairn.repository.Repository;

/** Removes recovery points: first what makes it one, then its parts. Stateless but for the repository. */
public final class PointRemoval {
    private final Repository repository;

    public PointRemoval(Repository repository) {
        this.repository = repository;
    }

    public void remove(Catalogue.Entry entry) {
        repository.forget(entry.snapshot());
        entry.parts().values().forEach(repository::forget);
        new Runs(repository).remove(entry.point().id());
    }
}
