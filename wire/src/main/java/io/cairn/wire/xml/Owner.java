package io.cairn.wire.xml;

/** The owner of a bucket or an object as listings name it. */
public record Owner(String id, String displayName) {
    void writeTo(XmlWriter out, String element) {
        out.open(element).element("ID", id).element("DisplayName", displayName).close(element);
    }
}
