package io.cairn.host.crypt;

import io.cairn.base.ByteCount;
import io.cairn.base.Checks;
import io.cairn.host.Encryption;
import io.cairn.host.Errno;
import io.cairn.host.HostFault;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Support;
import io.cairn.host.kernel.Descriptor;
import io.cairn.host.kernel.FileStatus;
import io.cairn.host.kernel.PlatformThreads;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * LUKS2 by cryptsetup: AES-256-XTS in sectors of 4096 bytes, the data 16 MiB behind the start. A key of 256 random bits
 * cannot be guessed, so its slots cost 1000 iterations of PBKDF2 and not the seconds that a passphrase needs. Discards
 * pass through: images stay thin, and which blocks are free can be seen in them. Stateless; safe for many threads, but
 * one container is one thread's at a time.
 */
public final class LuksEncryption implements Encryption {
    private static final ByteCount HEADER = ByteCount.mebibytes(16);
    private static final int DATA_OFFSET_SECTORS = 32768;
    static final int SECTOR_BYTES = 4096;
    private static final int CLOSE_ATTEMPTS = 30;
    private static final long CLOSE_PAUSE_NANOS = 100_000_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,126}");

    private final Cryptsetup cryptsetup = new Cryptsetup();
    private final DeviceMapper deviceMapper = new DeviceMapper();

    @Override
    public Support support() {
        return cryptsetup.isInstalled()
                ? PlatformThreads.call(deviceMapper::crypt)
                : new Support.Missing("cryptsetup is not installed; on Debian it is in the package cryptsetup-bin");
    }

    @Override
    public ByteCount headerSize() {
        return HEADER;
    }

    @Override
    public void format(Path container, KeyMaterial key) {
        FileStatus status = FileStatus.of(container);
        if (!status.isBlockDevice() && (status.size() <= HEADER.bytes() || status.size() % SECTOR_BYTES != 0)) {
            throw new HostFault(
                    "make a LUKS container in %s of %d bytes: it needs more than %d, in whole sectors of %d"
                            .formatted(container, status.size(), HEADER.bytes(), SECTOR_BYTES),
                    Errno.EINVAL);
        }
        cryptsetup.demand(
                cryptsetup.withKeys(
                        List.of(key),
                        "luksFormat",
                        "--type=luks2",
                        "--cipher=aes-xts-plain64",
                        "--key-size=512",
                        "--hash=sha256",
                        "--sector-size=" + SECTOR_BYTES,
                        "--offset=" + DATA_OFFSET_SECTORS,
                        Cryptsetup.PBKDF,
                        Cryptsetup.ITERATIONS,
                        absolute(container)),
                "format " + container);
        sync(container);
    }

    @Override
    public Unlock open(Path container, String name, KeyMaterial key) {
        checkName(name);
        Optional<Mapping> there = find(name);
        if (there.isEmpty()) {
            var finished = cryptsetup.withKeys(
                    List.of(key), "open", "--type=luks2", "--allow-discards", absolute(container), name);
            if (finished.status() == Cryptsetup.WRONG_KEY) {
                return new Unlock.WrongKey();
            }
            cryptsetup.demand(finished, "open " + container);
        }
        Mapping mapping = there.or(() -> find(name))
                .orElseThrow(() -> new HostFault("open " + container + ": it opened and is gone again", Errno.ENODEV));
        FileStatus status = FileStatus.of(container);
        if (status.isBlockDevice() && !status.special().equals(mapping.below())) {
            throw new HostFault(
                    "open %s as %s: that name is an open container on %s".formatted(container, name, mapping.below()),
                    Errno.EEXIST);
        }
        return new Unlock.Unlocked(mapping.device());
    }

    /**
     * A container engine that starts a container has copies of all mounts of the host for some milliseconds: what was
     * unmounted in that moment is in use until they are gone.
     */
    @Override
    public void close(String name) {
        checkName(name);
        for (int attempt = 1; find(name).isPresent(); attempt++) {
            var finished = cryptsetup.withoutKey("close", name);
            if (finished.status() == 0) {
                return;
            }
            boolean busy = finished.status() == Cryptsetup.BUSY;
            if (find(name).isPresent() && (!busy || attempt == CLOSE_ATTEMPTS)) {
                throw new HostFault(
                        "close the LUKS container " + name + ": " + finished.lastLine(),
                        busy ? Errno.EBUSY : Errno.NONE);
            }
            LockSupport.parkNanos(CLOSE_PAUSE_NANOS);
        }
    }

    @Override
    public void resize(String name, KeyMaterial key) {
        checkName(name);
        cryptsetup.demand(cryptsetup.withKeys(List.of(key), "resize", name), "resize " + name);
    }

    @Override
    public boolean addKey(Path container, KeyMaterial existing, KeyMaterial added) {
        if (test(container, added)) {
            return true;
        }
        var finished = cryptsetup.withKeys(
                List.of(existing, added),
                "luksAddKey",
                "--new-keyfile-size=" + added.bytes().length,
                Cryptsetup.PBKDF,
                Cryptsetup.ITERATIONS,
                absolute(container),
                "-");
        if (finished.status() == Cryptsetup.WRONG_KEY) {
            return false;
        }
        cryptsetup.demand(finished, "add a key to " + container);
        sync(container);
        return true;
    }

    @Override
    public void removeKey(Path container, KeyMaterial key) {
        Optional<Integer> slot = cryptsetup.slot(container, key);
        if (slot.isEmpty()) {
            return;
        }
        if (cryptsetup.slots(container).size() < 2) {
            throw new HostFault(
                    "remove a key from " + container + ": it is the only one, and the data would be lost with it",
                    Errno.EPERM);
        }
        // Not luksRemoveKey: that would ask nothing before the last key either, and go by the key instead of the slot.
        cryptsetup.demand(
                cryptsetup.withoutKey(
                        "luksKillSlot", "--batch-mode", absolute(container), Integer.toString(slot.get())),
                "remove a key from " + container);
        sync(container);
    }

    @Override
    public boolean test(Path container, KeyMaterial key) {
        return cryptsetup.slot(container, key).isPresent();
    }

    @Override
    public void reencrypt(Path container, Optional<String> openName, KeyMaterial key) {
        openName.ifPresent(LuksEncryption::checkName);
        cryptsetup.reencrypt(container, openName, key);
        sync(container);
    }

    @Override
    public List<Mapping> opened() {
        return deviceMapper.luks();
    }

    private Optional<Mapping> find(String name) {
        return opened().stream().filter(mapping -> mapping.name().equals(name)).findFirst();
    }

    private static void sync(Path container) {
        PlatformThreads.run(() -> {
            try (Descriptor file = Descriptor.open(container, Descriptor.READ_WRITE)) {
                file.sync();
            }
        });
    }

    static String absolute(Path container) {
        return container.toAbsolutePath().toString();
    }

    private static void checkName(String name) {
        Checks.check(NAME.matcher(name).matches(), "the name of a mapping is of letters, digits, _ . and -: %s", name);
    }
}
