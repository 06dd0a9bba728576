package io.cairn.model;

import java.util.List;

/**
 * A moment in the life of the command log.
 *
 * @param leader the position in {@code members} of the ready leader, or -1
 * @param committedIndex the highest log index known to be on a majority
 */
public record LogStatus(int leader, long committedIndex, List<Member> members) {
    public LogStatus {
        members = List.copyOf(members);
    }

    public boolean available() {
        return leader >= 0;
    }

    /**
     * One member of the log.
     *
     * @param failure why the member is out of service, empty when it is not
     */
    public record Member(String name, boolean alive, long appliedIndex, String failure) {}
}
