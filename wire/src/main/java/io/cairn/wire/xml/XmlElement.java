package io.cairn.wire.xml;

import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of a request's or an answer's document. Namespaces, attributes, comments and processing instructions mean
 * nothing in S3's requests; a document type, and so every entity of one's own, is refused, as is anything deep or long.
 *
 * @param text the text directly inside, exactly as it stands
 */
public record XmlElement(String name, String text, List<XmlElement> children) {
    private static final int DEPTH_MAX = 8;
    private static final int ELEMENTS_MAX = 100_000;

    public XmlElement {
        children = List.copyOf(children);
    }

    /** Reads a document in UTF-8; the caller has bounded its size. */
    public static XmlElement parse(byte[] document) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
            XMLStreamReader reader = newReader(text.startsWith("\ufeff") ? text.substring(1) : text);
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (CharacterCodingException | XMLStreamException _) {
            throw malformed();
        }
    }

    /** The root's children belong to a document of that name, or the document is not the one expected. */
    XmlElement requireName(String expected) {
        if (!name.equals(expected)) {
            throw malformed();
        }
        return this;
    }

    public Optional<XmlElement> child(String childName) {
        return children.stream().filter(child -> child.name.equals(childName)).findFirst();
    }

    /** The text of a child without outer white space; empty when there is no such child. */
    public Optional<String> childText(String childName) {
        return child(childName).map(child -> child.text.strip());
    }

    static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    /** An element whose end has not come yet. */
    private record Open(String name, StringBuilder text, List<XmlElement> children) {
        XmlElement closed() {
            return new XmlElement(name, text.toString(), children);
        }
    }

    private static XmlElement read(XMLStreamReader reader) throws XMLStreamException {
        Deque<Open> open = new ArrayDeque<>();
        Optional<XmlElement> root = Optional.empty();
        int elements = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++elements > ELEMENTS_MAX || open.size() == DEPTH_MAX) {
                        throw malformed();
                    }
                    open.push(new Open(reader.getLocalName(), new StringBuilder(), new ArrayList<>()));
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    XmlElement closed = open.pop().closed();
                    if (open.isEmpty()) {
                        root = Optional.of(closed);
                    } else {
                        open.element().children().add(closed);
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (!open.isEmpty()) {
                        open.element().text().append(reader.getText());
                    }
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw malformed();
                default -> {}
            }
        }
        return root.orElseThrow(XmlElement::malformed);
    }

    private static XMLStreamReader newReader(String text) throws XMLStreamException {
        return newFactory().createXMLStreamReader(new StringReader(text));
    }

    /** A factory of its own for each document: factories need not be safe for many threads. */
    private static XMLInputFactory newFactory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        return factory;
    }
}
