package io.cairn.benchmarks;

/**
 * One promise about speed or size, and what this run saw of it.
 *
 * @param limit what is asked for, in words
 * @param need the number to reach, in the unit of the figure
 * @param control what the need was derived from, in words; empty for a fixed number
 * @param atMost whether the figure must stay below the need
 */
record Bar(String name, String limit, double need, double figure, String unit, String control, boolean atMost) {
    static Bar atLeast(String name, double need, double figure, String unit) {
        return new Bar(name, "≥ " + Report.number(need) + " " + unit, need, figure, unit, "", false);
    }

    static Bar atMost(String name, double need, double figure, String unit) {
        return new Bar(name, "< " + Report.number(need) + " " + unit, need, figure, unit, "", true);
    }

    /** A share of something measured in the same run. */
    static Bar share(String name, double share, String ofWhat, double control, double figure, String unit) {
        String limit = "≥ " + Math.round(share * 100) + " % of " + ofWhat;
        String shown = ofWhat + " " + Report.number(control) + " " + unit;
        return new Bar(name, limit, share * control, figure, unit, shown, false);
    }

    boolean holds() {
        return atMost ? figure < need : figure >= need;
    }

    /** Above 1 is good: figure over need, or need over figure where less is better. */
    double margin() {
        return atMost ? need / figure : figure / need;
    }
}
