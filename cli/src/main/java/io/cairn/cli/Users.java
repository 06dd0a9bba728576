package io.cairn.cli;

import io.cairn.console.TokenInfo;
import io.cairn.console.UserInfo;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn user …}: access keys beside the root key. */
@Command(
        name = "user",
        description = "Adds, lists, disables and rotates access keys.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class Users {
    @Spec
    private CommandSpec spec;

    @Command(name = "add", description = "Adds an access key; shows its secret once.", mixinStandardHelpOptions = true)
    int add(@Mixin AdminClient client, @Parameters(paramLabel = "NAME") String name) {
        return printWithSecret(client, client.call("POST", "users", Map.of("name", name), UserInfo.class));
    }

    @Command(name = "ls", description = "Lists the access keys.", mixinStandardHelpOptions = true)
    int list(@Mixin AdminClient client) {
        PrintWriter out = spec.commandLine().getOut();
        List<UserInfo> users = List.of(client.call("GET", "users", Map.of(), UserInfo[].class));
        if (client.json()) {
            out.println(AdminClient.pretty(users));
            return 0;
        }
        Table table = new Table("ACCESS KEY", "NAME", "STATE", "CREATED");
        users.forEach(user ->
                table.row(user.accessKey(), user.name(), user.enabled() ? "enabled" : "disabled", user.created()));
        table.print(out);
        return 0;
    }

    @Command(name = "disable", description = "Disables an access key.", mixinStandardHelpOptions = true)
    int disable(@Mixin AdminClient client, @Parameters(paramLabel = "ACCESS_KEY") String accessKey) {
        return change(client, accessKey, "disable");
    }

    @Command(name = "enable", description = "Enables an access key again.", mixinStandardHelpOptions = true)
    int enable(@Mixin AdminClient client, @Parameters(paramLabel = "ACCESS_KEY") String accessKey) {
        return change(client, accessKey, "enable");
    }

    @Command(name = "rotate", description = "Gives an access key a new secret.", mixinStandardHelpOptions = true)
    int rotate(@Mixin AdminClient client, @Parameters(paramLabel = "ACCESS_KEY") String accessKey) {
        return printWithSecret(
                client,
                client.call("POST", "users/" + AdminClient.piece(accessKey) + "/rotate", Map.of(), UserInfo.class));
    }

    @Command(
            name = "token",
            description = "Issues a bearer token of 30 days for the key API and metrics.",
            mixinStandardHelpOptions = true)
    int token(@Mixin AdminClient client, @Parameters(paramLabel = "ACCESS_KEY") String accessKey) {
        TokenInfo token =
                client.call("POST", "users/" + AdminClient.piece(accessKey) + "/token", Map.of(), TokenInfo.class);
        spec.commandLine().getOut().println(client.json() ? AdminClient.pretty(token) : token.token());
        return 0;
    }

    private int change(AdminClient client, String accessKey, String verb) {
        UserInfo user =
                client.call("POST", "users/" + AdminClient.piece(accessKey) + "/" + verb, Map.of(), UserInfo.class);
        spec.commandLine().getOut().println(client.json() ? AdminClient.pretty(user) : accessKey + " is " + verb + "d");
        return 0;
    }

    private int printWithSecret(AdminClient client, UserInfo user) {
        PrintWriter out = spec.commandLine().getOut();
        if (client.json()) {
            out.println(AdminClient.pretty(user));
        } else {
            out.println("access key  " + user.accessKey());
            out.println("secret key  " + user.secretKey() + "   (shown once)");
        }
        return 0;
    }
}
