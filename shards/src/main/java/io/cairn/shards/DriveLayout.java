package io.cairn.shards;

/** The names of the files of a drive. Layout: {@code docs/formats/drive.md}. */
final class DriveLayout {
    static final String IDENTITY = "cairn-drive";
    static final String IDENTITY_COPY = IDENTITY + ".copy";
    /** Ends the name of a small file that was damaged and has been replaced. */
    static final String DAMAGED = ".damaged";

    static final String LOCK = "lock";
    static final String SEGMENTS = "segments";
    static final String INDEX = "index";
    static final String QUARANTINE = "quarantine";
    static final String CATALOGUE = "catalogue";
    static final String RESERVE = "reserve";
    static final String DAMAGE = QUARANTINE + "/damage.log";

    private DriveLayout() {}
}
