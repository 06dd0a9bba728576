package io.cairn.volumes;

import io.cairn.host.MountOptions;
import io.cairn.volumes.spec.VolumeSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** A mount of a file server as mount(2) takes it: the kernel resolves no names, so the address is looked up here. */
record NetworkMount(String source, MountOptions options) {
    private static final String ADDRESS = "addr=";

    /** Looks the server up; refused when it has no address. May wait for the name service. */
    static Outcome<NetworkMount> resolve(VolumeSource.Network network, List<String> words) {
        int colon = network.device().indexOf(":/");
        String server = words.stream()
                .filter(word -> word.startsWith(ADDRESS))
                .map(word -> word.substring(ADDRESS.length()))
                .reduce((_, last) -> last)
                .orElse(network.device().substring(0, colon).replaceAll("[\\[\\]]", ""));
        try {
            String address = InetAddress.getByName(server).getHostAddress();
            var resolved = new ArrayList<>(
                    words.stream().filter(word -> !word.startsWith(ADDRESS)).toList());
            resolved.add(ADDRESS + address);
            String source = colon == 0 ? server + network.device() : network.device();
            return Outcome.done(new NetworkMount(source, MountOptions.parse(String.join(",", resolved))));
        } catch (UnknownHostException unknown) {
            return Outcome.refused(
                    Refusal.Reason.NOT_FOUND, "the server '" + server + "' of an NFS volume has no address");
        }
    }
}
