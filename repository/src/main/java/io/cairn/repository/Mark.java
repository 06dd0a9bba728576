package io.cairn.repository;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Area;
import io.cairn.repository.store.FileName;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Packs that left the index and wait for deletion, and the holders that may still rely on them. */
record Mark(Id id, Instant time, List<Id> packs, List<Holder> holders) {
    Mark {
        packs = List.copyOf(packs);
        holders = List.copyOf(holders);
    }

    static List<Mark> all(Repository repository) {
        List<Mark> marks = new ArrayList<>();
        for (Id id : repository.ids(Area.MARKS)) {
            try {
                marks.add(parse(id, repository.documents().loadObject(Area.MARKS, id)));
            } catch (RepositoryFault.Missing finished) {
                continue;
            }
        }
        return marks;
    }

    private static Mark parse(Id id, Map<String, Object> document) {
        List<Id> packs = Json.texts(document, "packs").stream().map(Id::parse).toList();
        List<Holder> holders = new ArrayList<>();
        if (document.get("holders") instanceof List<?> list) {
            list.forEach(holder -> holders.add(Holder.fromDocument(Json.object(holder, "mark " + id))));
        }
        return new Mark(id, Json.instant(document, "time"), packs, holders);
    }

    static Mark write(Repository repository, List<Id> packs, List<Holder> holders) {
        Map<String, Object> document = new LinkedHashMap<>();
        Instant time = repository.actor().clock().now();
        document.put("time", Json.time(time));
        document.put("packs", packs.stream().map(Id::toString).toList());
        document.put("holders", holders.stream().map(Holder::document).toList());
        return new Mark(repository.documents().save(Area.MARKS, document), time, packs, holders);
    }

    void delete(Repository repository) {
        repository.backend().delete(new FileName(Area.MARKS, id.toString()));
    }
}
