package io.cairn.client;

import io.cairn.wire.Timestamps;
import java.util.List;
import java.util.Map;

/** The XML that requests send. Stateless. */
final class Documents {
    private Documents() {}

    static String delete(List<Listed> entries) {
        StringBuilder out = new StringBuilder("<Delete><Quiet>true</Quiet>");
        for (Listed entry : entries) {
            out.append("<Object><Key>").append(escaped(entry.key())).append("</Key>");
            if (!entry.version().isEmpty()) {
                out.append("<VersionId>").append(escaped(entry.version())).append("</VersionId>");
            }
            out.append("</Object>");
        }
        return out.append("</Delete>").toString();
    }

    static String complete(List<String> etags) {
        StringBuilder out = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < etags.size(); i++) {
            out.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>\"");
            out.append(escaped(etags.get(i))).append("\"</ETag></Part>");
        }
        return out.append("</CompleteMultipartUpload>").toString();
    }

    static String tagging(Map<String, String> tags) {
        StringBuilder out = new StringBuilder("<Tagging><TagSet>");
        tags.forEach((name, value) -> out.append("<Tag><Key>")
                .append(escaped(name))
                .append("</Key><Value>")
                .append(escaped(value))
                .append("</Value></Tag>"));
        return out.append("</TagSet></Tagging>").toString();
    }

    static String retention(Attributes.ObjectLock lock) {
        return "<Retention><Mode>" + lock.mode() + "</Mode><RetainUntilDate>" + Timestamps.iso(lock.until())
                + "</RetainUntilDate></Retention>";
    }

    static String versioning(boolean enabled) {
        return "<VersioningConfiguration><Status>" + (enabled ? "Enabled" : "Suspended")
                + "</Status></VersioningConfiguration>";
    }

    /** Whether XML 1.0 can hold the key; others are deleted one by one. */
    static boolean fits(String key) {
        return key.codePoints()
                .allMatch(c -> c == '\t'
                        || c == '\n'
                        || c >= ' '
                                && c != 0xFFFE
                                && c != 0xFFFF
                                && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\r", "&#13;");
    }
}
