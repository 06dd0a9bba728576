package io.cairn.backup.dump;

import io.cairn.backup.SourceFault;
import java.util.Locale;

/** What PostgreSQL's programs say when they fail, as sentences that say what to do next. Stateless. */
final class Complaint {
    private Complaint() {}

    static SourceFault of(DumpUrl url, String program, int status, String said) {
        String last = said.isEmpty() ? "it said nothing" : said.length() > 600 ? "…" + tail(said) : said;
        String what = program + " of the database " + url.database() + " " + url.server() + " ended with status "
                + status + " (" + last + "); ";
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("authentication failed") || lower.contains("no password supplied")) {
            return new SourceFault.Refused(what
                    + "give the password in a file (?password-file=FILE) and the user as postgres-dump://USER@HOST");
        }
        if (lower.contains("large object")) {
            return new SourceFault.Refused(
                    what + "pg_read_all_data does not reach large objects: dump as their owner or"
                            + " a superuser, or GRANT SELECT ON LARGE OBJECT");
        }
        if (lower.contains("permission denied")) {
            return new SourceFault.Refused(what + "GRANT pg_read_all_data TO the user, and CONNECT on the database");
        }
        if (lower.contains("server version mismatch")) {
            return new SourceFault.Refused(what + "install postgresql-client of the server's version or newer");
        }
        if (lower.contains("does not exist") && lower.contains("database")) {
            return new SourceFault.Refused(what + "check the name of the database after the slash");
        }
        if (lower.contains("lock timeout") || lower.contains("query was: lock table")) {
            return new SourceFault.Unreachable(what + "somebody holds an exclusive lock (pg_locks); run it later, or"
                    + " wait longer with ?lock-wait=SECONDS");
        }
        if (lower.contains("connection") || lower.contains("could not translate")) {
            return new SourceFault.Unreachable(what + "check that the server runs and the address is right");
        }
        if (status == 126 || status == 127) {
            return new SourceFault.Refused(what + "the container has no " + program
                    + "; name the server by its address instead, with the programs on this machine");
        }
        return new SourceFault.Refused(what + "nothing was stored");
    }

    private static String tail(String said) {
        return said.substring(said.length() - 600);
    }
}
