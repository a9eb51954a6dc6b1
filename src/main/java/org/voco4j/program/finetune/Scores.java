package org.voco4j.program.finetune;

import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Scores of a validation. */
public interface Scores {
    /** What the best state is the best in; more is better. */
    double score();

    /** All that goes into the metrics, by name. */
    Map<String, Double> numbers();

    /** One line for people. */
    String sentence();

    /** All there is, for {@code summary.json}. */
    ObjectNode toJson();
}
