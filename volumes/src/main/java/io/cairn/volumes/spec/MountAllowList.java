package io.cairn.volumes.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * The mount options that users may give, by what is mounted. Those that could lose synced data, or give a container
 * more than a filesystem, are not among them.
 */
enum MountAllowList {
    LOCAL(List.of(
            "discard",
            "nodiscard",
            "commit=N",
            "data=ordered",
            "data=journal",
            "errors=remount-ro",
            "barrier",
            "largeio",
            "nolargeio",
            "swalloc",
            "inode64",
            "allocsize=SIZE",
            "logbufs=N",
            "logbsize=SIZE",
            "compress=WORD",
            "subvol=PATH",
            "space_cache=WORD")),
    NETWORK(List.of(
            "addr=HOST",
            "vers=N",
            "nfsvers=N",
            "minorversion=N",
            "proto=WORD",
            "port=N",
            "mountaddr=HOST",
            "mountport=N",
            "mountvers=N",
            "mountproto=WORD",
            "clientaddr=HOST",
            "rsize=N",
            "wsize=N",
            "timeo=N",
            "retrans=N",
            "hard",
            "soft",
            "softerr",
            "lock",
            "nolock",
            "ac",
            "noac",
            "acregmin=N",
            "acregmax=N",
            "acdirmin=N",
            "acdirmax=N",
            "actimeo=N",
            "lookupcache=WORD",
            "nconnect=N",
            "sec=WORD",
            "sharecache",
            "nosharecache",
            "resvport",
            "noresvport",
            "cto",
            "nocto",
            "acl",
            "noacl",
            "rdirplus",
            "nordirplus")),
    BIND(List.of("bind")),
    MEMORY(List.of("size=SIZE", "mode=N", "uid=N", "gid=N", "nr_inodes=SIZE"));

    /** Flags of the kernel, for everything. */
    private static final List<String> FLAGS = List.of(
            "defaults",
            "ro",
            "rw",
            "sync",
            "async",
            "dirsync",
            "atime",
            "noatime",
            "relatime",
            "strictatime",
            "lazytime",
            "nolazytime",
            "diratime",
            "nodiratime",
            "exec",
            "noexec",
            "nosuid",
            "nodev",
            "nosymfollow",
            "symfollow");

    private static final Map<String, String> VALUES = Map.of(
            "N", "\\d{1,9}(?:\\.\\d{1,2})?",
            "SIZE", "\\d{1,18}[kKmMgGtT]?",
            "WORD", "[A-Za-z0-9:_-]{1,64}",
            "PATH", "[A-Za-z0-9/@_.-]{1,200}",
            "HOST", "[A-Za-z0-9.:_-]{1,253}");

    private static final Map<String, String> REASONS = Map.of(
            "suid", "a volume carries no set-user-id programs",
            "dev", "a volume carries no device nodes",
            "nobarrier", "synced data would be lost with the power",
            "barrier=0", "synced data would be lost with the power",
            "data=writeback", "files could show others' deleted data after a crash",
            "noload", "the journal must be replayed",
            "norecovery", "the journal must be replayed",
            "errors=panic", "it would stop the host",
            "bind", "a directory of this host is mounted with type=none,o=bind",
            "rbind", "mounts below a directory are not made part of a volume");

    private final List<String> own;

    MountAllowList(List<String> own) {
        this.own = own;
    }

    /** Every form that is allowed, flags first. */
    List<String> forms() {
        var all = new ArrayList<>(FLAGS);
        all.addAll(own);
        return all;
    }

    /** Splits a list at its commas and refuses what is not allowed. */
    List<String> read(String option, String list) {
        if (list.length() > 2000) {
            throw new IllegalArgumentException(option + " is longer than 2000 characters");
        }
        var words = new ArrayList<String>();
        for (String word : list.split("[,\\s]+", -1)) {
            if (!word.isEmpty()) {
                check(option, word);
                words.add(word);
            }
        }
        return words;
    }

    private void check(String option, String word) {
        if (forms().stream().noneMatch(form -> matches(form, word))) {
            String reason = REASONS.containsKey(word) ? ": " + REASONS.get(word) : Words.suggestion(word, forms());
            throw new IllegalArgumentException(
                    "mount option " + Quoted.of(word) + " in " + option + " is not allowed" + reason);
        }
    }

    private static boolean matches(String form, String word) {
        int equals = form.indexOf('=');
        String value = equals < 0 ? null : VALUES.get(form.substring(equals + 1));
        return value == null
                ? form.equals(word)
                : Pattern.matches(Pattern.quote(form.substring(0, equals + 1)) + value, word);
    }

    /** The list of forms by what is mounted, for the reference page. */
    static SequencedMap<String, List<String>> table() {
        var table = new java.util.LinkedHashMap<String, List<String>>();
        table.put("everything", FLAGS);
        for (MountAllowList each : values()) {
            table.put(each.name().toLowerCase(java.util.Locale.ROOT), each.own);
        }
        return table;
    }
}
