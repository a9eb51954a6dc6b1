package org.voco4j.pretext.part;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.PretextTask;

/**
 * One of K classes is to be told: a row of K floats, 1 at the right one, and how often it is told beside chance.
 *
 * @param classes K
 */
public record Choice(int classes) {
    /** The share of rows told right. */
    public static final String ACCURACY = "accuracy";

    /** Room for so many choices of a sample: [count, K]. */
    public PretextTask.Block block(String name, int count) {
        return new PretextTask.Block(name, List.of((long) count, (long) classes));
    }

    /** Appends the row of a class. */
    public void put(int right, FloatBuffer rows) {
        for (int k = 0; k < classes; k++) {
            rows.put(k == right ? 1 : 0);
        }
    }

    /** The class of a row among rows one after another. */
    public int of(float[] rows, int row) {
        int right = 0;
        while (rows[row * classes + right] == 0) {
            right++;
        }
        return right;
    }

    /** The rows of all samples: [B, count, K] → [B·count, K]. */
    public Tensor together(Tensor rows) {
        return rows.reshape(-1, classes);
    }

    /**
     * The cross entropy, and the accuracy beside it.
     *
     * @param logits [N, K]
     * @param right [N, K]
     * @param rest of the backward pass, where the graph of the logits ends before the network
     */
    public Loss loss(Tensor logits, Tensor right, Runnable rest) {
        return new Loss(CrossEntropy.of(logits, right), Map.of(ACCURACY, TopOne.share(logits, right)), rest);
    }

    /** What guessing scores. */
    public Map<String, Double> chance() {
        return Map.of("chance", 1.0 / classes);
    }
}
