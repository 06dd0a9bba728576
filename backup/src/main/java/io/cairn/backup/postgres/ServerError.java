package io.cairn.backup.postgres;

import io.cairn.backup.SourceFault;
import java.io.IOException;

/** An error or a warning of the server, in its words: {@code code} is the SQLSTATE. */
record ServerError(String severity, String code, String message, String detail, String hint) {
    static ServerError read(Wire.Body body) throws IOException {
        String severity = "";
        String code = "";
        String message = "";
        String detail = "";
        String hint = "";
        for (char field = body.letter(); field != 0; field = body.letter()) {
            String value = body.text();
            switch (field) {
                case 'V' -> severity = value;
                case 'C' -> code = value;
                case 'M' -> message = value;
                case 'D' -> detail = value;
                case 'H' -> hint = value;
                default -> {} // where in the server's source it was raised, and the like
            }
        }
        return new ServerError(severity, code, message, detail, hint);
    }

    /** A sentence with what to do next; {@code where} is user and server. */
    SourceFault fault(PostgresAddress where) {
        String said = "PostgreSQL at " + where + " says: " + sentence();
        return switch (code) {
            case "28P01" ->
                new SourceFault.Refused(said + "; put the right password of that user into the password"
                        + " file, or set it with ALTER ROLE");
            case "28000" -> new SourceFault.Refused(said + "; " + permission());
            case "42501" ->
                new SourceFault.Refused(said + "; give the role the right to replicate: ALTER ROLE \"" + where.user()
                        + "\" REPLICATION");
            case "3D000" -> new SourceFault.Refused(said + "; name a database that exists after the port");
            case "53300" ->
                new SourceFault.Unreachable(said + "; raise max_connections or max_wal_senders on the"
                        + " server, or end other connections");
            case "53400" ->
                new SourceFault.Refused(said + "; raise max_replication_slots, or drop a slot that nobody"
                        + " uses: SELECT slot_name, active FROM pg_replication_slots");
            case "55006" ->
                new SourceFault.Refused(
                        said + "; another receiver uses the slot: stop it, or give this one" + " another slot");
            case "57P03", "57P01", "57P02" ->
                new SourceFault.Unreachable(said + "; wait until the server has started, then try again");
            case "55000" -> new SourceFault.Refused(said + "; set wal_level=replica and max_wal_senders on the server");
            case "58P01" ->
                new SourceFault.Refused(
                        said + "; keep more WAL on the server: a replication slot, or" + " wal_keep_size");
            case "42601" -> new SourceFault.Refused(said + "; this server may be older than version 15");
            case "XX001" -> new SourceFault.Damaged(said);
            default -> new SourceFault.Refused(said + " (SQLSTATE " + code + ")");
        };
    }

    private String permission() {
        return message.contains("pg_hba") || message.contains("no encryption")
                ? "add a line for the user and this machine to pg_hba.conf: host replication USER ADDRESS"
                        + " scram-sha-256, then reload the server"
                : "the role must exist and be allowed to log in and to replicate: ALTER ROLE … LOGIN REPLICATION";
    }

    private String sentence() {
        return message + (detail.isEmpty() ? "" : " (" + detail + ")") + (hint.isEmpty() ? "" : " Hint: " + hint);
    }
}
