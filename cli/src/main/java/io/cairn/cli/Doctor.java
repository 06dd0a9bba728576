package io.cairn.cli;

import io.cairn.volumes.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cairn volume doctor}: what this host can and cannot guarantee. Exit status 0 only when nothing is bad. */
@Command(
        name = "doctor",
        description = "Says what this host can and cannot guarantee. Exits with 1 when something needs you.",
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ControlClient client;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = List.of(client.call("GET", "doctor", Map.of(), Finding[].class));
        if (client.json()) {
            out.println(AdminClient.pretty(findings));
        } else {
            findings.forEach(
                    finding -> out.println(mark(finding.grade()) + " " + finding.subject() + ": " + finding.text()));
            out.flush();
        }
        return findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.BAD) ? 1 : 0;
    }

    private static String mark(Finding.Grade grade) {
        return switch (grade) {
            case GOOD -> "  ok  ";
            case LIMITED -> "limits";
            case BAD -> " BAD  ";
        };
    }
}
