package io.cairn.backup.redis;

import io.cairn.backup.SourceFault;

/** Errors of Redis as sentences that say what to do next. Stateless. */
final class Refusal {
    /** What a user needs for a backup, as the words of an ACL. */
    static final String GRANT = "+psync +replconf +info +ping +config|get +cluster|nodes";

    private Refusal() {}

    /** The fault for an error that the server answered to a command, of which {@code verb} is the first word. */
    static SourceFault of(RedisAddress server, String verb, Reply.Failure failure) {
        String at = "Redis " + server + " ";
        return switch (failure.code()) {
            case "NOAUTH" ->
                new SourceFault.Refused(at + "wants a password; give it in a file or by a command,"
                        + " and the user as redis://USER@HOST");
            case "WRONGPASS" ->
                new SourceFault.Refused(at + "does not know this user with this password;"
                        + " check both with ACL GETUSER on the server");
            case "NOPERM" ->
                new SourceFault.Refused(at + "does not let this user run " + verb
                        + "; grant what a backup needs: ACL SETUSER <user> on " + GRANT);
            case "LOADING" -> new SourceFault.Unreachable(at + "is still loading its data; try again when it is done");
            case "MASTERDOWN", "NOMASTERLINK" ->
                new SourceFault.Unreachable(at
                        + "is a replica that has lost its master; name the master, or wait until INFO replication says"
                        + " master_link_status:up");
            case "DENIED" ->
                new SourceFault.Refused(at + "is in protected mode, which lets in only its own machine;"
                        + " set a password (requirepass or ACL), or back it up from there");
            case "BUSY" -> new SourceFault.Unreachable(at + "is busy with a script; try again later");
            default -> other(at, verb, failure.text());
        };
    }

    private static SourceFault other(String at, String verb, String text) {
        // A server repeats arguments that it does not understand: what follows them is never shown.
        String shown = verb.equals("AUTH") ? "the password" : verb + " (" + text.split(", with args", 2)[0] + ")";
        if (verb.equals("AUTH") && text.contains("without any password")) {
            return new SourceFault.Refused(at + "has no password set, and one was given; leave it away");
        }
        if (text.contains("max number of clients")) {
            return new SourceFault.Unreachable(at + "has no connection left; raise maxclients, or try again later");
        }
        if (text.contains("unknown command")) {
            return new SourceFault.Refused(at + "does not know " + verb
                    + ": it was renamed or disabled there, or this is not Redis; a backup needs it");
        }
        return new SourceFault.Refused(at + "refused " + shown);
    }
}
