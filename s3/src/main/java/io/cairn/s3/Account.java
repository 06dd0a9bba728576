package io.cairn.s3;

import io.cairn.s3.request.RequestHead;
import io.cairn.wire.S3Error;
import io.cairn.wire.S3Exception;
import io.cairn.wire.xml.Owner;

/** The one account of this store: every bucket and object is its own, every access key acts for it. Stateless. */
final class Account {
    /** The canonical id: the SHA-256 of the account's name, in S3's form. */
    static final String ID = "4a9909a9516d02fd4c729a45922398fb41c398c235423a5304085bc923a8db67";

    /** The account id in AWS's form, which some clients send back as the expected owner. */
    static final String NUMBER = "000000000000";

    static final Owner OWNER = new Owner(ID, "cairn");

    /** The access control list of everything: the owner may do everything, nobody else anything. */
    static final String ACL = "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>" + ID
            + "</ID><DisplayName>cairn</DisplayName></Owner><AccessControlList><Grant>"
            + "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>" + ID
            + "</ID><DisplayName>cairn</DisplayName></Grantee><Permission>FULL_CONTROL</Permission></Grant>"
            + "</AccessControlList></AccessControlPolicy>";

    private Account() {}

    /** Refuses a request that expects the bucket to be somebody else's. */
    static void requireExpected(RequestHead head, String header) {
        String expected = head.header(header).orElse(ID).strip();
        if (!expected.equals(ID) && !expected.equals(NUMBER)) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }
}
