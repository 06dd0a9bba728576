package io.cairn.cli;

import io.cairn.server.Node;
import io.cairn.server.VolumesSetup;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the daemon says once it listens: where, with which key, and what to try. */
final class Greeting {
    private Greeting() {}

    static void print(PrintWriter out, Node node, List<Path> data, boolean tls) {
        out.println("Cairn " + Version.number() + " is listening.");
        if (node.hasStore()) {
            store(out, node, data, tls);
        } else {
            node.admin().ifPresent(admin -> out.println("  admin    " + url(admin, tls)));
        }
        node.volumes().ifPresent(setup -> volumes(out, setup, !node.hasStore()));
        node.withoutVolumes().ifPresent(reason -> out.println("No volumes for Docker: " + reason));
        if (node.hasStore() && node.first()) {
            firstSteps(out, url(node.s3Address(), tls));
        }
        out.flush();
    }

    private static void volumes(PrintWriter out, VolumesSetup setup, boolean alone) {
        String socket = setup.dockerSocket().getFileName().toString();
        String driver = socket.endsWith(".sock") ? socket.substring(0, socket.length() - 5) : socket;
        out.println("  volumes  " + setup.pool() + ", for Docker as the driver " + driver);
        out.println("  control  " + setup.control());
        if (alone) {
            out.println("Try:");
            out.println("  docker volume create -d " + driver + " -o size=1G first");
            out.println("  docker run --rm -v first:/data busybox df -h /data");
            out.println("  cairn volume ls");
        }
    }

    private static void store(PrintWriter out, Node node, List<Path> data, boolean tls) {
        String endpoint = url(node.s3Address(), tls);
        Path file = Start.rootKeyFile(data.getFirst());
        out.println("  S3     " + endpoint);
        out.println("  admin  " + url(node.adminAddress(), tls));
        out.println("  data   "
                + String.join(", ", data.stream().map(Path::toString).toList()));
        // A key that came by the environment is known to whoever gave it, and is not kept in the file.
        boolean generated = node.first() && Files.exists(file);
        if (generated) {
            out.println("A new store was made; its root key:");
            out.println("  export AWS_ACCESS_KEY_ID=" + node.rootKey().accessKey());
            out.println("  export AWS_SECRET_ACCESS_KEY=" + node.rootKey().secretKey());
            out.println("  (kept in " + file + ", readable by you only)");
        } else {
            out.println("  key    " + node.rootKey().accessKey() + " (secret in " + file + " or your environment)");
        }
    }

    private static void firstSteps(PrintWriter out, String endpoint) {
        out.println("Try:");
        out.println("  aws --endpoint-url " + endpoint + " s3 mb s3://first");
        out.println("  aws --endpoint-url " + endpoint + " s3 cp README.md s3://first/");
        out.println("  aws --endpoint-url " + endpoint + " s3 ls s3://first");
    }

    private static String url(InetSocketAddress address, boolean tls) {
        String host = address.getHostString();
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (tls ? "https://" : "http://") + shown + ":" + address.getPort();
    }
}
