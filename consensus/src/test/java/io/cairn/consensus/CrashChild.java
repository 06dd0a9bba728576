package io.cairn.consensus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process that the crash test kills: {@code directory members run lie}. It says on standard output which commands
 * were answered; with {@code lie} it says so before it submits them, which the test must notice.
 */
final class CrashChild {
    private CrashChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        int members = Integer.parseInt(arguments[1]);
        boolean lie = Boolean.parseBoolean(arguments[3]);
        RatisLogOptions options = Logs.options().withSnapshots(500, 1 << 20, 256 * 1024);
        RatisLog log = Logs.open(options, Path.of(arguments[0]), members);
        Thread[] submitters = new Thread[16];
        for (int s = 0; s < submitters.length; s++) {
            String prefix = arguments[2] + "/" + s + "/";
            submitters[s] = Thread.ofVirtual().start(() -> {
                for (int i = 0; ; i++) {
                    String command = prefix + i;
                    if (lie) {
                        say(command);
                    }
                    byte[] _ = log.submit(command.getBytes(StandardCharsets.UTF_8));
                    if (!lie) {
                        say(command);
                    }
                }
            });
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
    }

    private static void say(String command) {
        synchronized (System.out) {
            System.out.println(command);
            System.out.flush();
        }
    }
}
