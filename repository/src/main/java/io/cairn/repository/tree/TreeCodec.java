package io.cairn.repository.tree;

import io.cairn.repository.seal.Id;
import io.cairn.repository.store.Json;
import io.cairn.repository.store.RepositoryFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Trees as JSON, byte for byte as restic writes them. Stateless. */
public final class TreeCodec {
    /** Trees are ordered by the bytes of names. */
    public static final Comparator<Node> ORDER =
            Comparator.comparing(node -> Names.bytes(node.name()), Arrays::compareUnsigned);

    private TreeCodec() {}

    public static byte[] encode(List<Node> nodes) {
        StringBuilder out = new StringBuilder(64 + 512 * nodes.size());
        out.append("{\"nodes\":[");
        String separator = "";
        for (Node node : nodes.stream().sorted(ORDER).toList()) {
            out.append(separator);
            encode(out, node);
            separator = ",";
        }
        return out.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void encode(StringBuilder out, Node node) {
        Attributes attributes = node.attributes();
        out.append("{\"name\":");
        Json.quote(out, Names.quote(node.name()));
        out.append(",\"type\":\"").append(node.kind().word()).append('"');
        number(out, "mode", node.kind().goMode(attributes.permissions()));
        String modified = Json.time(attributes.modified());
        out.append(",\"mtime\":\"").append(modified);
        out.append("\",\"atime\":\"").append(modified);
        out.append("\",\"ctime\":\"").append(Json.time(attributes.changed())).append('"');
        out.append(",\"uid\":").append(attributes.uid());
        out.append(",\"gid\":").append(attributes.gid());
        text(out, "user", node.user());
        text(out, "group", node.group());
        number(out, "inode", attributes.inode());
        number(out, "device_id", attributes.device());
        number(out, "size", attributes.size());
        number(out, "links", attributes.links());
        linkTarget(out, node.linkTarget());
        extended(out, node.extended());
        number(out, "device", attributes.rawDevice());
        content(out, node);
        node.subtree().ifPresent(id -> text(out, "subtree", id.toString()));
        out.append('}');
    }

    private static void number(StringBuilder out, String name, long value) {
        if (value != 0) {
            out.append(",\"").append(name).append("\":").append(Long.toUnsignedString(value));
        }
    }

    private static void text(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append(",\"").append(name).append("\":");
            Json.quote(out, value);
        }
    }

    private static void linkTarget(StringBuilder out, String target) {
        if (Names.isRaw(target)) {
            byte[] raw = Names.bytes(target);
            text(out, "linktarget", new String(raw, StandardCharsets.UTF_8));
            text(out, "linktarget_raw", Base64.getEncoder().encodeToString(raw));
        } else {
            text(out, "linktarget", target);
        }
    }

    private static void extended(StringBuilder out, Map<String, byte[]> extended) {
        if (extended.isEmpty()) {
            return;
        }
        out.append(",\"extended_attributes\":");
        char separator = '[';
        for (Map.Entry<String, byte[]> entry : new TreeMap<>(extended).entrySet()) {
            out.append(separator).append("{\"name\":");
            Json.quote(out, entry.getKey());
            out.append(",\"value\":\"")
                    .append(Base64.getEncoder().encodeToString(entry.getValue()))
                    .append("\"}");
            separator = ',';
        }
        out.append(']');
    }

    private static void content(StringBuilder out, Node node) {
        if (node.kind() != Kind.FILE) {
            out.append(",\"content\":null");
            return;
        }
        out.append(",\"content\":[");
        String separator = "\"";
        for (Id id : node.content()) {
            out.append(separator).append(id).append('"');
            separator = ",\"";
        }
        out.append(']');
    }

    public static List<Node> decode(byte[] json, Object what) {
        Map<String, Object> tree = Json.object(Json.read(json, what), what);
        List<Node> nodes = new ArrayList<>();
        try {
            if (tree.get("nodes") instanceof List<?> list) {
                for (Object node : list) {
                    nodes.add(node(Json.object(node, what), what));
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException broken) {
            throw new RepositoryFault.Damaged(what + " is not a tree", broken);
        }
        return nodes;
    }

    private static Node node(Map<String, Object> map, Object what) {
        String raw = Json.text(map, "linktarget_raw");
        Node node = new Node(
                Names.unquote(Json.text(map, "name")),
                attributes(map),
                Json.text(map, "user"),
                Json.text(map, "group"),
                raw.isEmpty()
                        ? Json.text(map, "linktarget")
                        : Names.text(Base64.getDecoder().decode(raw)),
                extended(map, what),
                Json.texts(map, "content").stream().map(Id::parse).toList(),
                Json.text(map, "subtree").isEmpty()
                        ? Optional.empty()
                        : Optional.of(Id.parse(Json.text(map, "subtree"))));
        if (!node.hasSafeName()) {
            throw new RepositoryFault.Damaged(what + " has an entry whose name cannot be that of a file");
        }
        return node;
    }

    private static Attributes attributes(Map<String, Object> map) {
        return new Attributes(
                Kind.named(Json.text(map, "type")),
                Kind.permissions(Json.number(map, "mode")),
                Json.number(map, "uid"),
                Json.number(map, "gid"),
                Json.number(map, "inode"),
                Json.number(map, "device_id"),
                Json.number(map, "device"),
                Json.number(map, "links"),
                Json.number(map, "size"),
                Json.instant(map, "mtime"),
                Json.instant(map, "ctime"));
    }

    private static Map<String, byte[]> extended(Map<String, Object> map, Object what) {
        Map<String, byte[]> extended = new TreeMap<>();
        if (map.get("extended_attributes") instanceof List<?> list) {
            for (Object entry : list) {
                Map<String, Object> attribute = Json.object(entry, what);
                extended.put(Json.text(attribute, "name"), Base64.getDecoder().decode(Json.text(attribute, "value")));
            }
        }
        return extended;
    }
}
