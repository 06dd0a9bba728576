package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Encryption;
import io.cairn.host.Errno;
import io.cairn.host.KeyMaterial;
import io.cairn.host.Support;
import io.cairn.volumes.SimulatedKernel.SimulatedMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** LUKS on the devices of the {@link SimulatedKernel}. */
record SimulatedEncryption(SimulatedKernel kernel) implements Encryption {
    @Override
    public Support support() {
        return kernel.luks;
    }

    @Override
    public ByteCount headerSize() {
        return ByteCount.mebibytes(16);
    }

    static List<String> slots(Path image) {
        return Arrays.stream(
                        SimulatedKernel.read(image).getOrDefault("luks", "").split(","))
                .filter(slot -> !slot.isEmpty())
                .toList();
    }

    private static String hex(KeyMaterial key) {
        return HexFormat.of().formatHex(key.bytes());
    }

    @Override
    public void format(Path container, KeyMaterial key) {
        SimulatedKernel.set(kernel.imageBehind(container), "luks", hex(key));
    }

    @Override
    public Unlock open(Path container, String name, KeyMaterial key) {
        if (!slots(kernel.imageBehind(container)).contains(hex(key))) {
            return new Unlock.WrongKey();
        }
        SimulatedMapping mapping = kernel.mappings.computeIfAbsent(
                name, _ -> new SimulatedMapping(kernel.mapperNumber(), kernel.loopUnder(kernel.number(container))));
        return new Unlock.Unlocked(new BlockDevice(Path.of("/dev/mapper/" + name), mapping.number()));
    }

    @Override
    public void close(String name) {
        SimulatedMapping mapping = kernel.mappings.get(name);
        if (mapping != null && kernel.inUse(mapping.number())) {
            throw SimulatedKernel.fault("close " + name, Errno.EBUSY);
        }
        kernel.mappings.remove(name);
    }

    @Override
    public void resize(String name, KeyMaterial key) {}

    @Override
    public boolean addKey(Path container, KeyMaterial existing, KeyMaterial added) {
        Path image = kernel.imageBehind(container);
        List<String> slots = new ArrayList<>(slots(image));
        if (!slots.contains(hex(existing)) && !slots.contains(hex(added))) {
            return false;
        }
        if (!slots.contains(hex(added))) {
            slots.add(hex(added));
        }
        SimulatedKernel.set(image, "luks", String.join(",", slots));
        return true;
    }

    @Override
    public void removeKey(Path container, KeyMaterial key) {
        Path image = kernel.imageBehind(container);
        List<String> slots = new ArrayList<>(slots(image));
        slots.remove(hex(key));
        if (slots.isEmpty()) {
            kernel.violations.add("took the last key away: " + image);
        }
        SimulatedKernel.set(image, "luks", String.join(",", slots));
    }

    @Override
    public boolean test(Path container, KeyMaterial key) {
        return slots(kernel.imageBehind(container)).contains(hex(key));
    }

    @Override
    public void reencrypt(Path container, Optional<String> openName, KeyMaterial key) {
        SimulatedKernel.set(kernel.imageBehind(container), "reencrypted", "true");
    }

    @Override
    public List<Mapping> opened() {
        return kernel.mappings.entrySet().stream()
                .map(each -> new Mapping(
                        each.getKey(),
                        new BlockDevice(
                                Path.of("/dev/mapper/" + each.getKey()),
                                each.getValue().number()),
                        new DeviceNumber(
                                SimulatedKernel.LOOP_MAJOR, each.getValue().loop())))
                .toList();
    }
}
