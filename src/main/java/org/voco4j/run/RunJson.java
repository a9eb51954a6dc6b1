package org.voco4j.run;

import tools.jackson.databind.node.ObjectNode;

/** Numbers in the JSON files of a run. */
public final class RunJson {
    private RunJson() {}

    /** Puts a number: a whole one without a decimal point, one that is not finite as null, for JSON has no NaN. */
    public static void put(ObjectNode node, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            node.put(name, (long) value);
        } else if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
