package io.cairn.host.linux;

import io.cairn.host.Errno;
import io.cairn.host.MountOptions;

/** Why a mount failed, in words for the operator: mount(2) itself gives only a number. Stateless. */
final class MountReason {
    private MountReason() {}

    static String of(Errno errno, String source, String fsType, MountOptions options) {
        return switch (errno.name()) {
            case "EPERM" -> "it needs CAP_SYS_ADMIN";
            case "ENODEV" -> "the kernel knows no filesystem " + fsType;
            case "ENOENT" -> "the source or the mountpoint does not exist";
            case "EBUSY" -> "it is mounted already, or in use in a way that conflicts";
            case "EUCLEAN", "EBADMSG" -> "the filesystem is damaged: it must be checked first";
            case "EROFS", "EACCES" -> "the device can only be read: mount it with ro";
            case "EINVAL" -> refused(source, fsType, options);
            default -> "";
        };
    }

    private static String refused(String source, String fsType, MountOptions options) {
        String complaint = DetachedMount.complaint(source, fsType, options);
        return complaint.isEmpty()
                ? "it holds no " + fsType + ", or an option is refused: '" + options.data() + "'"
                : complaint;
    }
}
