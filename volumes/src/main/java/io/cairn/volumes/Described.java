package io.cairn.volumes;

import io.cairn.host.Contents;
import io.cairn.host.FilesystemKind;

/** Words for what the host says. Stateless. */
final class Described {
    private Described() {}

    static String contents(Contents contents) {
        return switch (contents) {
            case Contents.Empty() -> "nothing";
            case Contents.Filesystem(FilesystemKind kind, var _, var _) -> "a filesystem of type " + kind.type();
            case Contents.Luks(int version, var _) -> "a LUKS" + version + " container";
            case Contents.Other(String description) -> description;
            case Contents.Unknown(String description) -> description;
        };
    }
}
