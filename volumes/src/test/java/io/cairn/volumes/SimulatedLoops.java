package io.cairn.volumes;

import io.cairn.base.ByteCount;
import io.cairn.host.BlockDevice;
import io.cairn.host.DeviceNumber;
import io.cairn.host.Errno;
import io.cairn.host.FileIdentity;
import io.cairn.host.Loop;
import io.cairn.host.LoopDevices;
import io.cairn.volumes.SimulatedKernel.SimulatedLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loop devices of the {@link SimulatedKernel}. */
record SimulatedLoops(SimulatedKernel kernel) implements LoopDevices {
    static BlockDevice device(int number) {
        return new BlockDevice(Path.of("/dev/loop" + number), new DeviceNumber(SimulatedKernel.LOOP_MAJOR, number));
    }

    @Override
    public BlockDevice attach(Path image, boolean directIo) {
        if (!Files.exists(image)) {
            throw SimulatedKernel.fault("attach " + image, Errno.ENOENT);
        }
        Optional<Loop> there = holding(image);
        if (there.isPresent()) {
            return there.get().device();
        }
        int number = 0;
        while (kernel.loops.containsKey(number)) {
            number++;
        }
        kernel.loops.put(number, new SimulatedLoop(image, SimulatedKernel.size(image)));
        return device(number);
    }

    @Override
    public Optional<Loop> holding(Path image) {
        return all().stream()
                .filter(loop -> loop.backingName().equals(image.toString()))
                .findFirst();
    }

    @Override
    public Optional<Loop> at(DeviceNumber device) {
        return all().stream()
                .filter(loop -> loop.device().number().equals(device))
                .findFirst();
    }

    @Override
    public List<Loop> all() {
        return kernel.loops.entrySet().stream().map(SimulatedLoops::loop).toList();
    }

    private static Loop loop(Map.Entry<Integer, SimulatedLoop> entry) {
        BlockDevice device = device(entry.getKey());
        return new Loop(
                device,
                new FileIdentity(device.number(), entry.getKey()),
                entry.getValue().image.toString(),
                ByteCount.of(entry.getValue().size),
                true,
                false);
    }

    @Override
    public void refreshSize(BlockDevice loop) {
        SimulatedLoop state = kernel.loop(loop.number());
        state.size = SimulatedKernel.size(state.image);
    }

    @Override
    public void detach(BlockDevice loop) {
        int number = loop.number().minor();
        boolean mapped = kernel.mappings.values().stream().anyMatch(mapping -> mapping.loop() == number);
        if (mapped || kernel.inUse(loop.number())) {
            throw SimulatedKernel.fault("detach " + loop.node(), Errno.EBUSY);
        }
        kernel.loops.remove(number);
    }
}
