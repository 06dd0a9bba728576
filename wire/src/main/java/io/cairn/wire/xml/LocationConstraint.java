package io.cairn.wire.xml;

/** The result of GetBucketLocation; {@code us-east-1} is the empty constraint. */
public record LocationConstraint(String region) implements XmlDocument {
    @Override
    public void writeTo(XmlWriter out) {
        out.root("LocationConstraint");
        out.content(region.equals("us-east-1") ? "" : region).close("LocationConstraint");
    }
}
