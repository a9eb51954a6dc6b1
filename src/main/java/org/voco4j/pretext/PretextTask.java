package org.voco4j.pretext;

import java.nio.FloatBuffer;
import java.util.Map;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunked;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Something that an unlabelled scan can teach an encoder.
 *
 * <p>A task says how a scan becomes views (on loader threads, without libtorch), what a batch of views costs the network
 * (on the training thread), what happens after a step, what a checkpoint must hold, and how to tell learning from
 * guessing.
 */
public interface PretextTask extends Chunked {

    /** What one scan contributes to a batch: {@code views} of a shape and {@code targets} numbers. */
    record Layout(int views, Shape3 shape, int targets) {
        /** The number of values of all views of one scan. */
        public int values() {
            return Math.toIntExact(views * shape.voxels());
        }
    }

    /** The layout of one scan's views. */
    Layout layout();

    /**
     * Draws the views of one scan and fills them in.
     *
     * @param scan values in [0, 1]
     * @param draws the point in the run's tree of draws that belongs to this scan and step
     * @param views room for {@link Layout#values}, filled from its position
     * @param targets room for {@link Layout#targets}, filled from {@code offset}
     */
    void sample(Volume scan, Draws draws, FloatBuffer views, float[] targets, int offset);

    /**
     * The loss of a batch of scans, with its graph.
     *
     * @param views [B, views, X, Y, Z], of the layout's shape in a run
     * @param targets [B, targets]
     */
    Loss loss(Tensor views, Tensor targets);

    /** Follows up on an optimiser step. */
    default void afterStep() {}

    /** The weights that the optimiser moves, by checkpoint key. */
    Map<String, Tensor> trainable();

    /** Everything that training changes besides the optimiser's state, by key; a checkpoint is written from it. */
    Map<String, Tensor> state();

    /** The weights to hand on, under published keys. */
    Map<String, Tensor> export();

    /** Measures what needs no training, which {@link #gate} compares with; it would do so itself when first asked. */
    void readyGate();

    /**
     * Measures on the held-out scans whether anything was learned.
     *
     * @param facts what the run is like, for naming causes
     * @param losses the loss of every step so far
     */
    GateReport gate(RunFacts facts, double[] losses);

    /** Floating-point operations of one step for one scan, there and back, for predicting time: 2 a multiply–add. */
    double flops();
}
