package io.cairn.wire.xml;

import io.cairn.base.ChecksumAlgorithm;
import io.cairn.wire.Timestamps;
import io.cairn.wire.payload.ChecksumType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The result of ListMultipartUploads. */
public record ListUploads(
        String bucket,
        String prefix,
        String keyMarker,
        String uploadIdMarker,
        Optional<String> nextKeyMarker,
        Optional<String> nextUploadIdMarker,
        Optional<String> delimiter,
        int maxUploads,
        boolean truncated,
        boolean urlEncoded,
        List<Upload> uploads,
        List<String> commonPrefixes)
        implements XmlDocument {
    /** An upload in progress. */
    public record Upload(
            String key,
            String uploadId,
            Owner owner,
            String storageClass,
            Instant initiated,
            Optional<ChecksumAlgorithm> checksumAlgorithm,
            Optional<ChecksumType> checksumType) {}

    public ListUploads {
        uploads = List.copyOf(uploads);
        commonPrefixes = List.copyOf(commonPrefixes);
    }

    @Override
    public void writeTo(XmlWriter out) {
        out.root("ListMultipartUploadsResult").element("Bucket", bucket);
        out.element("KeyMarker", XmlDocument.key(keyMarker, urlEncoded)).element("UploadIdMarker", uploadIdMarker);
        out.optional("NextKeyMarker", nextKeyMarker.map(key -> XmlDocument.key(key, urlEncoded)));
        out.optional("NextUploadIdMarker", nextUploadIdMarker);
        out.element("Prefix", XmlDocument.key(prefix, urlEncoded));
        out.optional("Delimiter", delimiter.map(text -> XmlDocument.key(text, urlEncoded)));
        if (urlEncoded) {
            out.element("EncodingType", "url");
        }
        out.element("MaxUploads", maxUploads).element("IsTruncated", truncated);
        for (Upload upload : uploads) {
            write(out, upload);
        }
        XmlDocument.writePrefixes(out, commonPrefixes, urlEncoded);
        out.close("ListMultipartUploadsResult");
    }

    private void write(XmlWriter out, Upload upload) {
        out.open("Upload").element("Key", XmlDocument.key(upload.key(), urlEncoded));
        out.element("UploadId", upload.uploadId());
        upload.owner().writeTo(out, "Initiator");
        upload.owner().writeTo(out, "Owner");
        out.element("StorageClass", upload.storageClass());
        out.element("Initiated", Timestamps.iso(upload.initiated()));
        upload.checksumAlgorithm().ifPresent(algorithm -> out.element("ChecksumAlgorithm", algorithm.s3Name()));
        upload.checksumType().ifPresent(type -> out.element("ChecksumType", type.name()));
        out.close("Upload");
    }
}
