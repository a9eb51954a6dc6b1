package org.voco4j.program.quickstart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.pretext.GateReport;
import org.voco4j.program.pretrain.PretrainRecipe;

/** What {@code voco quickstart --json} prints. */
final class QuickstartDocument {
    private QuickstartDocument() {}

    static Map<String, Object> of(Quickstart.Story story, PretrainRecipe recipe) {
        Map<String, Object> document = new LinkedHashMap<>();
        GateReport gate = story.run().gate();
        PretrainingGain benefit = story.benefit();
        if (gate != null) {
            document.put("crossScanTop1", retrieval(gate.numbers()));
            document.put(
                    "positionR2",
                    pair(
                            gate.numbers().get("positionR2.untrained"),
                            gate.numbers().get("positionR2")));
        }
        if (story.organs() != null) {
            document.put(
                    "organR2", pair(story.organs().untrained(), story.organs().trained()));
        }
        if (benefit != null) {
            document.put("dice", benefit.dice());
            document.put("gain", benefit.gain());
        }
        document.put("finding", benefit != null ? benefit.finding() : gate != null ? gate.finding() : null);
        document.put("method", recipe.pretext().task());
        document.put("variant", recipe.pretext().chosen().variant());
        document.put("seconds", story.seconds());
        return document;
    }

    private static Map<String, Object> retrieval(Map<String, Double> n) {
        Map<String, Object> retrieval = new LinkedHashMap<>();
        for (String control : List.of("chance", "histogram", "pixels", "untrained")) {
            retrieval.put(control, n.get(control));
        }
        retrieval.put("trained", n.get("crossScan"));
        retrieval.put("interval", new Object[] {n.get("crossScan.low"), n.get("crossScan.high")});
        retrieval.put("pairs", Math.round(n.getOrDefault("pairs", 0.0)));
        return retrieval;
    }

    private static Map<String, Object> pair(@Nullable Double untrained, @Nullable Double trained) {
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("untrained", untrained);
        pair.put("trained", trained);
        return pair;
    }
}
