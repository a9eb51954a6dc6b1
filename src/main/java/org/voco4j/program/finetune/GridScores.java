package org.voco4j.program.finetune;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.measure.segmentation.ClassScore;
import tools.jackson.databind.node.ObjectNode;

/**
 * How well scans were segmented, by two rulers.
 *
 * @param model on the grid that the network works on
 * @param own on the grids that the scans have in their files, with the labels as they are stored; null where that was not
 *     measured
 */
public record GridScores(SegmentationScores model, @Nullable SegmentationScores own) implements Scores {
    /** The mean Dice on the scans' own grids among the metrics. */
    static final String OWN = "nativeDice";

    @Override
    public double score() {
        return model.mean(ClassScore::dice).mean();
    }

    @Override
    public Map<String, Double> numbers() {
        Map<String, Double> numbers = new LinkedHashMap<>(model.dice());
        if (own != null) {
            numbers.put(OWN, own.mean(ClassScore::dice).mean());
        }
        return numbers;
    }

    @Override
    public String sentence() {
        return model.sentence()
                + (own == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; on the scans' own grids %.3f",
                                own.mean(ClassScore::dice).mean()));
    }

    /** The report on the model's grid, and that on the scans' own as {@code native} in it. */
    @Override
    public ObjectNode toJson() {
        ObjectNode json = model.toJson();
        if (own != null) {
            json.set("native", own.toJson());
        }
        return json;
    }
}
