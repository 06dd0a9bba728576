package io.cairn.s3.request;

import io.cairn.wire.S3Error;
import java.util.Optional;

/** A configuration of a bucket, as its sub-resource names it, and what S3 answers while nobody has set it. */
public enum BucketSetting {
    LOCATION("location", "Location", "<LocationConstraint xmlns=\"" + BucketSetting.NAMESPACE + "\"/>"),
    ACL("acl", "Acl", "<AccessControlPolicy xmlns=\"" + BucketSetting.NAMESPACE + "\"/>"),
    VERSIONING("versioning", "Versioning", "<VersioningConfiguration xmlns=\"" + BucketSetting.NAMESPACE + "\"/>"),
    LOGGING("logging", "Logging", "<BucketLoggingStatus xmlns=\"" + BucketSetting.NAMESPACE + "\"/>"),
    NOTIFICATION(
            "notification",
            "NotificationConfiguration",
            "<NotificationConfiguration xmlns=\"" + BucketSetting.NAMESPACE + "\"/>"),
    ACCELERATE(
            "accelerate",
            "AccelerateConfiguration",
            "<AccelerateConfiguration xmlns=\"" + BucketSetting.NAMESPACE + "\"/>"),
    REQUEST_PAYMENT(
            "requestPayment",
            "RequestPayment",
            "<RequestPaymentConfiguration xmlns=\"" + BucketSetting.NAMESPACE
                    + "\"><Payer>BucketOwner</Payer></RequestPaymentConfiguration>"),
    POLICY("policy", "Policy", S3Error.NO_SUCH_BUCKET_POLICY),
    POLICY_STATUS("policyStatus", "PolicyStatus", S3Error.NO_SUCH_BUCKET_POLICY),
    LIFECYCLE("lifecycle", "LifecycleConfiguration", S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION),
    CORS("cors", "Cors", S3Error.NO_SUCH_CORS_CONFIGURATION),
    TAGGING("tagging", "Tagging", S3Error.NO_SUCH_TAG_SET),
    ENCRYPTION("encryption", "Encryption", S3Error.NO_SUCH_SERVER_SIDE_ENCRYPTION_CONFIGURATION),
    OBJECT_LOCK("object-lock", "ObjectLockConfiguration", S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION),
    WEBSITE("website", "Website", S3Error.NO_SUCH_WEBSITE_CONFIGURATION),
    REPLICATION("replication", "Replication", S3Error.NO_SUCH_REPLICATION_CONFIGURATION),
    PUBLIC_ACCESS_BLOCK("publicAccessBlock", "PublicAccessBlock", S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK),
    OWNERSHIP_CONTROLS("ownershipControls", "OwnershipControls", S3Error.OWNERSHIP_CONTROLS_NOT_FOUND),
    ANALYTICS("analytics", "AnalyticsConfiguration", S3Error.NOT_IMPLEMENTED),
    INVENTORY("inventory", "InventoryConfiguration", S3Error.NOT_IMPLEMENTED),
    METRICS("metrics", "MetricsConfiguration", S3Error.NOT_IMPLEMENTED),
    INTELLIGENT_TIERING("intelligent-tiering", "IntelligentTieringConfiguration", S3Error.NOT_IMPLEMENTED),
    METADATA_TABLE("metadataTable", "MetadataTableConfiguration", S3Error.NOT_IMPLEMENTED),
    METADATA_CONFIGURATION("metadataConfiguration", "MetadataConfiguration", S3Error.NOT_IMPLEMENTED),
    ABAC("abac", "Abac", S3Error.NOT_IMPLEMENTED),
    SESSION("session", "Session", S3Error.NOT_IMPLEMENTED);

    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final String parameter;
    private final String s3Name;
    private final Unset unset;

    /** What reading a setting gives that nobody has set. */
    public sealed interface Unset {
        record Error(S3Error error) implements Unset {}

        record Document(String xml) implements Unset {}
    }

    BucketSetting(String parameter, String s3Name, S3Error unset) {
        this.parameter = parameter;
        this.s3Name = s3Name;
        this.unset = new Unset.Error(unset);
    }

    BucketSetting(String parameter, String s3Name, String unset) {
        this.parameter = parameter;
        this.s3Name = s3Name;
        this.unset = new Unset.Document(unset);
    }

    /** The setting that the query names, if any. */
    static Optional<BucketSetting> in(Parameters parameters) {
        for (BucketSetting setting : values()) {
            if (parameters.has(setting.parameter)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    /** The name that stands behind {@code GetBucket} in the operation's name. */
    public String s3Name() {
        return s3Name;
    }

    public Unset unset() {
        return unset;
    }
}
