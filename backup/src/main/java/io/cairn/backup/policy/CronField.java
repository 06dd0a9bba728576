package io.cairn.backup.policy;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** One field of a cron line: the values that it names. {@code star} when it begins with a star. */
record CronField(BitSet values, boolean star) {
    boolean has(int value) {
        return values.get(value);
    }

    /**
     * Reads lists of {@code *}, {@code a}, {@code a-b}, each with {@code /step}, and names of the field.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    static CronField parse(String what, String text, int low, int high, List<String> names) {
        BitSet values = new BitSet();
        for (String item : text.split(",", -1)) {
            add(values, what, item, low, high, names);
        }
        return new CronField(values, text.startsWith("*"));
    }

    private static void add(BitSet values, String what, String item, int low, int high, List<String> names) {
        int slash = item.indexOf('/');
        String range = slash < 0 ? item : item.substring(0, slash);
        int step = slash < 0 ? 1 : number(what, item.substring(slash + 1));
        int dash = range.indexOf('-');
        int from;
        int to;
        if (range.equals("*")) {
            from = low;
            to = high;
        } else if (dash > 0) {
            from = value(what, range.substring(0, dash), low, names);
            to = value(what, range.substring(dash + 1), low, names);
        } else {
            from = value(what, range, low, names);
            to = slash < 0 ? from : high;
        }
        if (step < 1 || from < low || to > high || from > to) {
            throw new IllegalArgumentException("the " + what + " '" + item + "' of a schedule is not within " + low
                    + " to " + high + ", or its range or step is empty");
        }
        for (int value = from; value <= to; value += step) {
            values.set(value);
        }
    }

    private static int value(String what, String text, int low, List<String> names) {
        int name = names.indexOf(text.toLowerCase(Locale.ROOT));
        return name >= 0 ? low + name : number(what, text);
    }

    private static int number(String what, String text) {
        if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("the " + what + " of a schedule has '" + text + "', which is no number");
        }
        return Integer.parseInt(text);
    }
}
