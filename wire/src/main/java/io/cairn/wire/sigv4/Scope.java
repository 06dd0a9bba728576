package io.cairn.wire.sigv4;

/** Who signs and where the signature counts: {@code accessKey/date/region/service/aws4_request}. */
record Scope(String accessKey, String date, String region, String service) {
    private static final String TERMINATOR = "/aws4_request";
    private static final int DATE_LENGTH = 8;

    /** Reads a credential from its end, since an access key may hold slashes; fails with the given reason's error. */
    static Scope parse(String credential, Malformed malformed) {
        if (!credential.endsWith(TERMINATOR)) {
            throw malformed.because("the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        int serviceEnd = credential.length() - TERMINATOR.length();
        int service = credential.lastIndexOf('/', serviceEnd - 1);
        int region = service < 1 ? -1 : credential.lastIndexOf('/', service - 1);
        int date = region < 1 ? -1 : credential.lastIndexOf('/', region - 1);
        if (date < 1 || region - date - 1 != DATE_LENGTH || service == region + 1) {
            throw malformed.because("the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        Scope scope = new Scope(
                credential.substring(0, date),
                credential.substring(date + 1, region),
                credential.substring(region + 1, service),
                credential.substring(service + 1, serviceEnd));
        if (!scope.service.equals("s3")) {
            throw malformed.because("incorrect service \"" + scope.service + "\". This endpoint belongs to \"s3\".");
        }
        return scope;
    }

    /** The scope without the access key, as it stands in strings to sign. */
    String text() {
        return date + "/" + region + "/" + service + TERMINATOR;
    }

    /** The credential as it stands in requests. */
    String credential() {
        return accessKey + "/" + text();
    }
}
