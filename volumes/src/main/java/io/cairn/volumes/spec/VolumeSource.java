package io.cairn.volumes.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.cairn.base.ByteCount;
import io.cairn.host.FilesystemKind;

/** Where the bytes of a volume are. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = VolumeSource.Image.class, name = "image"),
    @JsonSubTypes.Type(value = VolumeSource.Device.class, name = "device"),
    @JsonSubTypes.Type(value = VolumeSource.Network.class, name = "network"),
    @JsonSubTypes.Type(value = VolumeSource.Bind.class, name = "bind"),
    @JsonSubTypes.Type(value = VolumeSource.Memory.class, name = "memory")
})
public sealed interface VolumeSource {
    /** A file in a pool, with a filesystem of its own on {@code size} bytes. */
    record Image(ByteCount size, FilesystemKind filesystem, boolean thick, Cipher cipher) implements VolumeSource {
        public Image {
            Sizes.check(size, filesystem);
            if (cipher == Cipher.FSCRYPT && filesystem != FilesystemKind.EXT4) {
                throw new IllegalArgumentException("fscrypt needs fs=ext4");
            }
        }

        public Image withSize(ByteCount other) {
            return new Image(other, filesystem, thick, cipher);
        }

        public Image withCipher(Cipher other) {
            return new Image(size, filesystem, thick, other);
        }
    }

    /** A filesystem on a block device that somebody else owns. */
    record Device(String device, String type) implements VolumeSource {}

    /** A directory of a file server. */
    record Network(String device, String type) implements VolumeSource {}

    /** A directory of this host. */
    record Bind(String directory) implements VolumeSource {}

    /** Memory, gone when it is unmounted. */
    record Memory(ByteCount size) implements VolumeSource {}

    /** One word for people. */
    default String kind() {
        return switch (this) {
            case Image _ -> "image";
            case Device _ -> "device";
            case Network _ -> "network";
            case Bind _ -> "bind";
            case Memory _ -> "memory";
        };
    }
}
