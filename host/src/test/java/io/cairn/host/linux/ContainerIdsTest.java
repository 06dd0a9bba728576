package io.cairn.host.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContainerIdsTest {
    private static final String ID = "c7cb3430a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c";
    private static final String INNER = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/docker/ID",
                "0::/system.slice/docker-ID.scope",
                "0::/../../docker/ID",
                "12:blkio:/docker/ID\n11:memory:/docker/ID\n0::/",
                "11:memory:/\n9:blkio:/docker/ID\n",
                "0::/system.slice/docker-ID.scope/init.scope",
                "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-containerd-ID.scope",
                "4:cpu,cpuacct:/kubepods/besteffort/pod0a1b2c3d-0000/ID",
                "0::/machine.slice/libpod-ID.scope/container",
                "0::/kubepods-pod1.slice:cri-containerd:prefix-ID",
                "0::/docker/ID/docker/INNER"
            })
    void cgroup_ofAContainer_namesIt(String form) {
        String text = form.replace("ID", ID).replace("INNER", INNER);
        assertEquals(Optional.of(ID), ContainerIds.of(text));
    }

    @Test
    void cgroup_ofSomethingElse_namesNone() {
        for (String text : new String[] {
            "",
            ":",
            "0::/",
            "0::/user.slice/user-0.slice/session-1.scope",
            "0::/docker/" + ID.substring(1),
            "0::/docker/0" + ID,
            "0::/docker/" + ID.toUpperCase(java.util.Locale.ROOT),
            "1:name=systemd:/init.scope\n0::/init.scope"
        }) {
            assertEquals(Optional.empty(), ContainerIds.of(text), text);
        }
    }
}
