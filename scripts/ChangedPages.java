import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * Counts the pages of 8 KiB below base/ that differ between two copies of a data directory, and what they take when
 * each is compressed alone (zlib, level 1): {@code java ChangedPages.java BEFORE AFTER} prints both numbers.
 */
final class ChangedPages {
    private static final int PAGE = 8192;

    private ChangedPages() {}

    public static void main(String[] arguments) throws IOException {
        Path before = Path.of(arguments[0]);
        Path after = Path.of(arguments[1]);
        long pages = 0;
        long bytes = 0;
        byte[] out = new byte[2 * PAGE];
        List<Path> files;
        try (Stream<Path> all = Files.walk(after.resolve("base"))) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] now = Files.readAllBytes(file);
            Path earlier = before.resolve(after.relativize(file));
            byte[] then = Files.exists(earlier) ? Files.readAllBytes(earlier) : new byte[0];
            for (int at = 0; at < now.length; at += PAGE) {
                int end = Math.min(now.length, at + PAGE);
                if (end > then.length || !Arrays.equals(now, at, end, then, at, end)) {
                    var deflater = new Deflater(1);
                    deflater.setInput(now, at, end - at);
                    deflater.finish();
                    bytes += deflater.deflate(out);
                    deflater.end();
                    pages++;
                }
            }
        }
        System.out.println(pages + " " + bytes);
    }
}
