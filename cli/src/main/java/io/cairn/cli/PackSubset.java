package io.cairn.cli;

import io.cairn.base.Clock;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A share of the packs, by their position: the {@code n}th of {@code parts}. */
record PackSubset(int n, int parts) implements IntPredicate {
    private static final Pattern PART = Pattern.compile("(\\d{1,6})/(\\d{1,6})");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3})\\s*%");
    private static final long SECONDS_PER_DAY = 86_400;

    PackSubset {
        if (parts < 1 || n < 1 || n > parts) {
            throw new CommandFault("not a part: " + n + "/" + parts);
        }
    }

    /** Reads {@code 2/7}, or {@code 5%}: a share of which another part comes each day, so that all are read in turn. */
    static PackSubset parse(String text) {
        Matcher part = PART.matcher(text.strip());
        if (part.matches()) {
            return new PackSubset(Integer.parseInt(part.group(1)), Integer.parseInt(part.group(2)));
        }
        Matcher share = SHARE.matcher(text.strip());
        int percent = share.matches() ? Integer.parseInt(share.group(1)) : 0;
        if (percent < 1 || percent > 100) {
            throw new CommandFault("not a share: '" + text + "'; expected 2/7 or 5%");
        }
        int parts = (100 + percent - 1) / percent;
        long day = Clock.system().now().getEpochSecond() / SECONDS_PER_DAY;
        return new PackSubset((int) (day % parts) + 1, parts);
    }

    @Override
    public boolean test(int position) {
        return position % parts == n - 1;
    }
}
