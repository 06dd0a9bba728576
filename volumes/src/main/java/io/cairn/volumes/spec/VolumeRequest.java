package io.cairn.volumes.spec;

import io.cairn.base.ByteCount;
import io.cairn.host.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to create a volume, read from options: what it is to be, what it is a copy of, whether its encryption may
 * be fscrypt, and whether its block device may be formatted.
 */
public record VolumeRequest(VolumeSpec spec, Optional<CloneSource> from, boolean allowFscrypt, boolean format) {
    private static final int VALUE_CHARS_MAX = 4096;
    private static final Set<VolumeOption> IMAGE_ONLY = Set.of(
            VolumeOption.FS,
            VolumeOption.THICK,
            VolumeOption.THIN,
            VolumeOption.FROM,
            VolumeOption.ENCRYPTED,
            VolumeOption.MOUNT);
    private static final Set<VolumeOption> TYPE_ONLY = Set.of(VolumeOption.DEVICE, VolumeOption.O, VolumeOption.FORMAT);

    /**
     * Reads options.
     *
     * @param original what {@code from} names, when it names something
     * @throws IllegalArgumentException when an option is unknown, malformed or does not fit the others; the message is
     *     for people and names the nearest valid option
     */
    public static VolumeRequest read(Map<String, String> options, VolumesConfig config, Optional<VolumeSpec> original) {
        refuseUnknown(options);
        String className = options.get(VolumeOption.CLASS.word());
        StorageClass storage = config.named(className == null ? config.classDefault() : className);
        var reader = new Reader(options, storage, original.orElse(null));
        return options.containsKey(VolumeOption.TYPE.word()) ? reader.existing() : reader.made();
    }

    private static void refuseUnknown(Map<String, String> options) {
        List<String> known = VolumeOption.words();
        options.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown option " + Quoted.of(name) + Words.suggestion(name, known)
                        + "; known are " + String.join(", ", known));
            }
            if (value.length() > VALUE_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "the value of " + name + " is longer than " + VALUE_CHARS_MAX + " characters");
            }
        });
    }

    /** One reading. For one thread. */
    private record Reader(
            Map<String, String> options,
            StorageClass storage,
            @Nullable VolumeSpec original) {
        private @Nullable String given(VolumeOption option) {
            return options.get(option.word());
        }

        private boolean truth(VolumeOption option, boolean otherwise) {
            String word = given(option);
            return word == null ? otherwise : Words.truth(option.word(), word);
        }

        private Profile profile() {
            String word = given(VolumeOption.PROFILE);
            return word == null ? storage.profile() : Profile.of(word);
        }

        private LimitsMode mode() {
            String word = given(VolumeOption.LIMITS);
            return word == null ? storage.limitsMode() : LimitsMode.of(word);
        }

        private VolumeRequest made() {
            refuse(TYPE_ONLY, "needs type=, which says what is to be mounted");
            Profile profile = profile();
            Optional<CloneSource> from = CloneSource.in(options);
            if (profile == Profile.SCRATCH) {
                return memory(from);
            }
            VolumeSource.Image image = image();
            Limits limits = LimitWords.read(options, storage.limits());
            String words = given(VolumeOption.MOUNT);
            List<String> mount =
                    words == null ? List.of() : MountAllowList.LOCAL.read(VolumeOption.MOUNT.word(), words);
            VolumeSpec spec = spec(image, profile, limits, MountRules.image(image, limits, profile, mount));
            return new VolumeRequest(spec, from, storage.allowFscrypt(), false);
        }

        private VolumeSource.Image image() {
            boolean thick = truth(VolumeOption.THICK, !truth(VolumeOption.THIN, !storage.thick()));
            if (given(VolumeOption.THIN) != null && truth(VolumeOption.THIN, false) == thick) {
                throw new IllegalArgumentException("thick and thin contradict each other");
            }
            String size = given(VolumeOption.SIZE);
            String fs = given(VolumeOption.FS);
            if (original != null) {
                return copy(original, thick, size, fs);
            }
            var filesystem = fs == null ? storage.filesystem() : filesystem(fs);
            boolean encrypted = truth(VolumeOption.ENCRYPTED, storage.encrypted());
            return new VolumeSource.Image(
                    size == null ? storage.size() : Sizes.volume(size),
                    filesystem,
                    thick,
                    encrypted ? Cipher.LUKS2 : Cipher.NONE);
        }

        private VolumeSource.Image copy(VolumeSpec of, boolean thick, @Nullable String size, @Nullable String fs) {
            if (!(of.source() instanceof VolumeSource.Image image)) {
                throw new IllegalArgumentException("only a volume with an image can be cloned");
            }
            if (fs != null && filesystem(fs) != image.filesystem()) {
                throw new IllegalArgumentException("a clone has the filesystem of its original, "
                        + image.filesystem().type());
            }
            boolean encrypted = image.cipher() != Cipher.NONE;
            if (truth(VolumeOption.ENCRYPTED, encrypted) != encrypted) {
                throw new IllegalArgumentException(
                        "a clone is encrypted exactly when its original is; copy the files to change that");
            }
            ByteCount bytes = size == null ? image.size() : Sizes.volume(size);
            if (bytes.compareTo(image.size()) < 0) {
                throw new IllegalArgumentException("a clone cannot be smaller than its original, " + image.size());
            }
            return new VolumeSource.Image(bytes, image.filesystem(), thick, image.cipher());
        }

        private static io.cairn.host.FilesystemKind filesystem(String word) {
            return Words.one(
                    "filesystem", word, io.cairn.host.FilesystemKind::type, io.cairn.host.FilesystemKind.values());
        }

        private VolumeRequest memory(Optional<CloneSource> from) {
            if (from.isPresent() || truth(VolumeOption.ENCRYPTED, false) || given(VolumeOption.FS) != null) {
                throw new IllegalArgumentException("profile scratch is memory: no from, fs or encrypted");
            }
            String size = given(VolumeOption.SIZE);
            String words = given(VolumeOption.MOUNT);
            var source = new VolumeSource.Memory(size == null ? storage.size() : Sizes.volume(size));
            List<String> mount =
                    words == null ? List.of() : MountAllowList.MEMORY.read(VolumeOption.MOUNT.word(), words);
            return unlimited(source, Profile.SCRATCH, memoryWords(source, mount));
        }

        private static List<String> memoryWords(VolumeSource.Memory source, List<String> given) {
            var words = new ArrayList<>(given);
            words.removeIf(word -> word.startsWith("size="));
            words.add("size=" + source.size().bytes());
            return MountRules.plain(words);
        }

        private VolumeRequest existing() {
            refuse(IMAGE_ONLY, "does not go with type=, which mounts something that exists");
            String type = Optional.ofNullable(given(VolumeOption.TYPE)).orElse("");
            String device = Optional.ofNullable(given(VolumeOption.DEVICE)).orElse("");
            String words = Optional.ofNullable(given(VolumeOption.O)).orElse("");
            if (!type.equals("tmpfs") && given(VolumeOption.SIZE) != null) {
                throw new IllegalArgumentException("size does not go with type=" + Quoted.of(type));
            }
            boolean format = truth(VolumeOption.FORMAT, false);
            if (format && !Set.of("ext4", "xfs").contains(type)) {
                throw new IllegalArgumentException("format=true makes ext4 or xfs, not " + Quoted.of(type));
            }
            return switch (type) {
                case "ext2", "ext3", "ext4", "xfs", "btrfs" -> device(type, device, words, format);
                case "nfs", "nfs4" -> network(type, device, words);
                case "none" -> bind(device, words);
                case "tmpfs" -> tmpfs(words);
                default ->
                    throw new IllegalArgumentException("unknown type " + Quoted.of(type)
                            + "; known are ext2, ext3, ext4, xfs, btrfs, nfs, nfs4, none (with o=bind), tmpfs");
            };
        }

        private VolumeRequest device(String type, String device, String words, boolean format) {
            if (!ExistingPaths.absolute(device) || !device.startsWith("/dev/")) {
                throw new IllegalArgumentException(
                        "device of type=" + type + " is a block device below /dev, not " + Quoted.of(device));
            }
            Limits limits = LimitWords.read(options, storage.limits());
            List<String> mount =
                    MountRules.device(type, limits, profile(), MountAllowList.LOCAL.read(VolumeOption.O.word(), words));
            return new VolumeRequest(
                    spec(new VolumeSource.Device(device, type), profile(), limits, mount),
                    Optional.empty(),
                    false,
                    format);
        }

        private VolumeRequest network(String type, String device, String words) {
            if (!ExistingPaths.served(device)) {
                throw new IllegalArgumentException(
                        "device of type=" + type + " is ':/path' or 'server:/path', not " + Quoted.of(device));
            }
            List<String> mount = MountAllowList.NETWORK.read(VolumeOption.O.word(), words);
            if (device.startsWith(":") && mount.stream().noneMatch(word -> word.startsWith("addr="))) {
                throw new IllegalArgumentException("type=" + type + " with device=:/path needs o=addr=SERVER");
            }
            return unlimited(new VolumeSource.Network(device, type), profile(), MountRules.plain(mount));
        }

        private VolumeRequest bind(String directory, String words) {
            List<String> mount = MountAllowList.BIND.read(VolumeOption.O.word(), words);
            if (!mount.contains("bind")) {
                throw new IllegalArgumentException("type=none needs o=bind");
            }
            if (!ExistingPaths.absolute(directory)) {
                throw new IllegalArgumentException(
                        "device of a bind volume is an absolute path without '..', not " + Quoted.of(directory));
            }
            List<String> flags =
                    mount.stream().filter(word -> !word.equals("bind")).toList();
            return unlimited(new VolumeSource.Bind(directory), profile(), MountRules.plain(flags));
        }

        private VolumeRequest tmpfs(String words) {
            List<String> mount = MountAllowList.MEMORY.read(VolumeOption.O.word(), words);
            String inWords = mount.stream()
                    .filter(word -> word.startsWith("size="))
                    .map(word -> word.substring("size=".length()).toUpperCase(java.util.Locale.ROOT))
                    .reduce((_, last) -> last)
                    .orElse(null);
            String size = given(VolumeOption.SIZE) == null ? inWords : given(VolumeOption.SIZE);
            var source = new VolumeSource.Memory(size == null ? storage.size() : Sizes.volume(size));
            return unlimited(source, Profile.SCRATCH, memoryWords(source, mount));
        }

        private VolumeRequest unlimited(VolumeSource source, Profile profile, List<String> mount) {
            if (!LimitWords.read(options, Limits.NONE).isNone()) {
                throw new IllegalArgumentException("limits need a block device; a volume of kind " + source.kind()
                        + " has none that they could be put on");
            }
            return new VolumeRequest(spec(source, profile, Limits.NONE, mount), Optional.empty(), false, false);
        }

        private VolumeSpec spec(VolumeSource source, Profile profile, Limits limits, List<String> mount) {
            return new VolumeSpec(
                    source,
                    storage.name(),
                    storage.pool(),
                    storage.tier(),
                    profile,
                    limits,
                    mode(),
                    mount,
                    storage.backup(),
                    new TreeMap<>(options));
        }

        private void refuse(Set<VolumeOption> unfit, String reason) {
            for (VolumeOption option : VolumeOption.values()) {
                if (unfit.contains(option) && given(option) != null) {
                    throw new IllegalArgumentException("option '" + option.word() + "' " + reason);
                }
            }
        }
    }
}
