import java.nio.file.Path;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.common.settings.KeyStoreWrapper;

/**
 * An OpenSearch of one node with the plugin repository-s3, started from its source by a test: arguments are a directory
 * and a port, the keys of the bucket come from the environment. Says {@code ready} and runs until its input ends.
 */
final class SearchServer {
    private SearchServer() {}

    public static void main(String[] arguments) throws Exception {
        KeyStoreWrapper keys = KeyStoreWrapper.create();
        keys.setString("s3.client.cairn.access_key", System.getenv("ACCESS_KEY").toCharArray());
        keys.setString("s3.client.cairn.secret_key", System.getenv("SECRET_KEY").toCharArray());
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", arguments[1]);
            settings.put("transport.port", "0");
            settings.put("network.host", "127.0.0.1");
            settings.put("discovery.type", "single-node");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
            settings.setSecureSettings(keys);
        });
        runner.build(OpenSearchRunner.newConfigs()
                .basePath(Path.of(arguments[0]).toString())
                .numOfNode(1)
                .pluginTypes("org.opensearch.repositories.s3.S3RepositoryPlugin"));
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // Nobody says anything; the end of the test is the end of the stream.
        }
        Runtime.getRuntime().halt(0);
    }
}
