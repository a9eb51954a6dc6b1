package org.voco4j.program.finetune;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How well scans were segmented, by two rulers.
 *
 * @param model on the grid that the network works on
 * @param own on the grids that the scans have in their files, with the labels as they are stored; null where that was not
 *     measured
 */
public record GridScores(SegmentationScores model, @Nullable SegmentationScores own) {

    /** The report on the model's grid, and that on the scans' own as {@code native} in it. */
    public ObjectNode toJson() {
        ObjectNode json = model.toJson();
        if (own != null) {
            json.set("native", own.toJson());
        }
        return json;
    }
}
