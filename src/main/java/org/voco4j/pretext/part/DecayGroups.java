package org.voco4j.pretext.part;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask.Group;

/** Weights apart by whether they decay: matrices and kernels do, biases and the numbers of norms do not. */
public final class DecayGroups {
    private DecayGroups() {}

    /** Weights of two axes or more with the run's decay, and those of one without. */
    public static List<Group> of(Map<String, Tensor> weights) {
        Map<String, Tensor> matrices = new LinkedHashMap<>();
        Map<String, Tensor> vectors = new LinkedHashMap<>();
        weights.forEach((name, weight) -> (weight.shape().length < 2 ? vectors : matrices).put(name, weight));
        return List.of(new Group(matrices, 1, 1), new Group(vectors, 1, 0));
    }
}
