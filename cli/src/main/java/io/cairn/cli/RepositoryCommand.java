package io.cairn.cli;

import io.cairn.base.ByteCount;
import io.cairn.base.Clock;
import io.cairn.repository.Check;
import io.cairn.repository.Deletion;
import io.cairn.repository.Prune;
import io.cairn.repository.Repository;
import io.cairn.repository.Stocktaking;
import io.cairn.repository.seal.Id;
import io.cairn.repository.store.S3Store;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn repo …}: makes backup repositories and looks after them. */
@Command(
        name = "repo",
        description = "Makes backup repositories (restic's format) and looks after them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RepositoryCommand.KeyCommand.class,
        footer = {
            "",
            "Exit status: 0 done, 1 failed, 2 not understood, 4 damage found, 5 locked or lease lost,",
            "6 wrong password, 7 deletion waits for a holder that was not heard of for 30 minutes."
        })
final class RepositoryCommand {
    @Spec
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Command(name = "init", description = "Makes a new, empty repository.", mixinStandardHelpOptions = true)
    int init(@Mixin RepositoryOptions options) {
        return RepositoryOptions.guarded(err(), () -> {
            Repository made = Repository.create(options.backend(), options.password(), RepositoryOptions.actor());
            show(
                    options,
                    Map.of("id", made.id(), "place", made.backend().place()),
                    "made repository "
                            + made.id().substring(0, 10) + " in "
                            + made.backend().place()
                            + "; without its password everything in it is lost");
            return 0;
        });
    }

    private void show(RepositoryOptions options, Object json, String text) {
        out().println(options.json() ? AdminClient.pretty(json) : text);
        out().flush();
    }

    @Command(
            name = "check",
            description = "Checks a repository: that everything is there, and, if asked, every byte.",
            mixinStandardHelpOptions = true)
    int check(
            @Mixin RepositoryOptions options,
            @Option(names = "--read-data", description = "Read every pack") boolean readData,
            @Option(
                            names = "--read-data-subset",
                            paramLabel = "N/T|P%",
                            description = "Read the Nth of T parts, or a share that moves on from day to day")
                    String subset,
            @Option(names = "--repair-index", description = "First make the index anew from the packs")
                    boolean repairIndex,
            @Option(names = "--progress", description = "auto, bar, json or none", defaultValue = "auto")
                    ProgressBar.Style style) {
        return options.with(err(), repository -> {
            if (repairIndex) {
                Check.RepairResult repaired = Check.repairIndex(repository);
                repaired.broken().forEach(sentence -> err().println("cairn: " + sentence));
                err().println("the index was made anew: " + repaired.packs() + " packs");
            }
            IntPredicate chosen = readData ? _ -> true : subset == null ? _ -> false : PackSubset.parse(subset);
            try (ProgressBar bar = new ProgressBar(err(), style, Clock.system())) {
                return report(options, new Check(repository, bar).run(chosen));
            }
        });
    }

    private int report(RepositoryOptions options, Check.Report report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("clean", report.clean());
        json.put("errors", report.errors());
        json.put("hints", report.hints());
        json.put(
                "damagedPacks", report.damagedPacks().stream().map(Id::toString).toList());
        json.put("touchedSnapshots", report.touched());
        json.put("snapshots", report.snapshots());
        json.put("packs", report.packs());
        json.put("packsRead", report.packsRead());
        json.put("bytesRead", report.bytesRead());
        StringBuilder text = new StringBuilder();
        report.errors().forEach(error -> text.append("error: ").append(error).append('\n'));
        report.touched()
                .forEach((snapshot, paths) -> text.append("snapshot ")
                        .append(snapshot, 0, 8)
                        .append(" is touched: ")
                        .append(String.join(", ", paths))
                        .append('\n'));
        report.hints().forEach(hint -> text.append("note: ").append(hint).append('\n'));
        text.append(report.clean() ? "no errors: " : "there are errors: ")
                .append(report.snapshots() + " snapshots, " + report.blobs() + " blobs in " + report.packs()
                        + " packs, " + report.packsRead() + " packs read (" + ByteCount.of(report.bytesRead()) + ")");
        show(options, json, text.toString());
        return report.clean() ? 0 : RepositoryOptions.DAMAGED;
    }

    @Command(
            name = "prune",
            description = "Gives back the space of what no snapshot needs, beside running backups.",
            mixinStandardHelpOptions = true)
    int prune(
            @Mixin RepositoryOptions options,
            @Option(
                            names = "--evict",
                            paramLabel = "LEASE",
                            description = "Take this lease away first; its backup, if it still runs, fails")
                    List<String> evict) {
        return options.with(err(), repository -> {
            if (evict != null) {
                evict.forEach(lease -> Prune.evict(repository, lease));
            }
            try (ProgressBar bar = new ProgressBar(err(), ProgressBar.Style.none, Clock.system())) {
                Prune.Result result = new Prune(repository, bar).run();
                StringBuilder text = new StringBuilder("marked " + result.markedPacks() + " packs, copied "
                        + ByteCount.of(result.copiedBytes()) + ", deleted " + result.deletedPacks() + " packs ("
                        + ByteCount.of(result.deletedBytes()) + ")");
                for (Deletion.Waiting waiting : result.waiting()) {
                    text.append("\n" + waiting.packs() + " packs wait for " + waiting.holder()
                            + (waiting.stale()
                                    ? ", which was not heard of for 30 minutes: if it is dead, run"
                                            + " `cairn repo prune --evict LEASE` or, for a restic, `restic unlock`"
                                    : ""));
                }
                show(
                        options,
                        Map.of(
                                "markedPacks", result.markedPacks(),
                                "copiedBytes", result.copiedBytes(),
                                "deletedPacks", result.deletedPacks(),
                                "deletedBytes", result.deletedBytes(),
                                "waiting", result.waiting()),
                        text.toString());
                return result.waiting().stream().anyMatch(Deletion.Waiting::stale) ? RepositoryOptions.BLOCKED : 0;
            }
        });
    }

    @Command(
            name = "extend",
            description = "Renews the locks of what is still there, in a bucket with Object Lock (see --lock-for).",
            mixinStandardHelpOptions = true)
    int extend(@Mixin RepositoryOptions options) {
        return RepositoryOptions.guarded(err(), () -> {
            S3Store.Extended extended = options.store().extend();
            show(options, extended, extended.files() + " files, of which " + extended.renewed() + " were locked anew");
            return 0;
        });
    }

    @Command(name = "stats", description = "Counts snapshots, blobs and bytes.", mixinStandardHelpOptions = true)
    int stats(@Mixin RepositoryOptions options) {
        return options.with(err(), repository -> {
            Stocktaking.Stock stock = new Stocktaking(repository).take();
            show(
                    options,
                    Map.of(
                            "snapshots", stock.snapshots(),
                            "packs", stock.packs(),
                            "blobs", stock.blobs(),
                            "contentBytes", stock.contentBytes(),
                            "storedBytes", stock.storedBytes(),
                            "indexMemoryBytes", stock.indexMemoryBytes()),
                    stock.snapshots() + " snapshots; " + stock.blobs()
                            + " blobs of " + ByteCount.of(stock.contentBytes()) + " content in " + stock.packs()
                            + " packs of "
                            + ByteCount.of(stock.storedBytes()));
            return 0;
        });
    }

    @Command(name = "locks", description = "Lists who uses the repository.", mixinStandardHelpOptions = true)
    int locks(@Mixin RepositoryOptions options) {
        return options.with(err(), repository -> {
            List<Stocktaking.Use> uses = new Stocktaking(repository).uses();
            if (options.json()) {
                out().println(AdminClient.pretty(uses));
                return 0;
            }
            Table table = new Table("HOLDER", "REFRESHED", "STATE");
            uses.forEach(use -> table.row(use.holder(), use.refreshed(), use.state()));
            table.print(out());
            return 0;
        });
    }

    @Command(
            name = "unlock",
            description = "Takes the lease of a dead process away. A prune may then delete what it relied on.",
            mixinStandardHelpOptions = true)
    int unlock(@Mixin RepositoryOptions options, @Parameters(paramLabel = "LEASE") String lease) {
        return options.with(err(), repository -> {
            Prune.evict(repository, lease);
            show(options, Map.of("evicted", lease), "took lease " + lease + " away");
            return 0;
        });
    }

    /** {@code cairn repo keys …}: several passwords for one repository. */
    @Command(
            name = "keys",
            description = "Lists, adds, removes and rotates the passwords of a repository.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    static final class KeyCommand {
        @Spec
        private CommandSpec spec;

        @Command(name = "ls", description = "Lists the keys.", mixinStandardHelpOptions = true)
        int list(@Mixin RepositoryOptions options) {
            return options.with(spec.commandLine().getErr(), repository -> {
                Table table = new Table("KEY", "USER", "HOST", "CREATED", "IN USE");
                Map<String, Object> json = new LinkedHashMap<>();
                repository.keys().list().forEach((id, file) -> {
                    boolean used = id.equals(repository.openedWith());
                    table.row(id.brief(), file.username(), file.hostname(), file.created(), used ? "yes" : "");
                    json.put(
                            id.toString(),
                            Map.of(
                                    "user",
                                    file.username(),
                                    "host",
                                    file.hostname(),
                                    "created",
                                    file.created(),
                                    "used",
                                    used));
                });
                if (options.json()) {
                    spec.commandLine().getOut().println(AdminClient.pretty(json));
                } else {
                    table.print(spec.commandLine().getOut());
                }
                return 0;
            });
        }

        @Command(name = "add", description = "Adds a key under another password.", mixinStandardHelpOptions = true)
        int add(
                @Mixin RepositoryOptions options,
                @Option(names = "--new-password-file", paramLabel = "FILE", required = true) Path file) {
            return options.with(spec.commandLine().getErr(), repository -> {
                Id id = repository.keys().add(RepositoryOptions.fromFile(file));
                return said("added key " + id.brief());
            });
        }

        @Command(
                name = "rotate",
                description = "Replaces the key in use by one under a new password.",
                mixinStandardHelpOptions = true)
        int rotate(
                @Mixin RepositoryOptions options,
                @Option(names = "--new-password-file", paramLabel = "FILE", required = true) Path file) {
            return options.with(spec.commandLine().getErr(), repository -> {
                Id id = repository.keys().rotate(RepositoryOptions.fromFile(file));
                return said("key " + id.brief() + " replaces "
                        + repository.openedWith().brief());
            });
        }

        @Command(name = "rm", description = "Removes a key, by its first digits.", mixinStandardHelpOptions = true)
        int remove(@Mixin RepositoryOptions options, @Parameters(paramLabel = "KEY") String key) {
            return options.with(spec.commandLine().getErr(), repository -> {
                List<Id> found = repository.keys().list().keySet().stream()
                        .filter(id -> id.toString().startsWith(key))
                        .toList();
                if (found.size() != 1) {
                    throw new CommandFault(found.size() + " keys begin with " + key);
                }
                repository.keys().remove(found.getFirst());
                return said("removed key " + found.getFirst().brief());
            });
        }

        private int said(String sentence) {
            spec.commandLine().getOut().println(sentence);
            return 0;
        }
    }
}
