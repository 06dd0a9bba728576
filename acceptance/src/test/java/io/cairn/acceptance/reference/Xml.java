package io.cairn.acceptance.reference;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** A parsed answer of S3. Immutable. */
record Xml(Element element) {
    static Xml parse(byte[] bytes) {
        try {
            return new Xml(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(bytes))
                    .getDocumentElement());
        } catch (Exception malformed) {
            throw new AssertionError(
                    "not XML: " + new String(bytes, java.nio.charset.StandardCharsets.UTF_8), malformed);
        }
    }

    List<Xml> children(String name) {
        List<Xml> found = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && child.getTagName().equals(name)) {
                found.add(new Xml(child));
            }
        }
        return found;
    }

    String text(String name) {
        List<Xml> found = children(name);
        return found.isEmpty() ? "" : found.getFirst().element().getTextContent();
    }
}
