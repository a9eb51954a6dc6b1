package org.voco4j.pretext;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.Draws;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunked;
import org.voco4j.volume.Volume;

/**
 * Something that unlabelled scans can teach an encoder: shapes, a loss, and what moves. It knows no loop, file, report or
 * gate.
 *
 * <p>A task says how scans become a sample (on loader threads, without libtorch), what a batch of samples costs the network
 * (on the training thread), what happens after a step, and what a checkpoint must hold.
 */
public interface PretextTask extends Chunked {

    /**
     * Floats that every sample has, of a shape of their own: views [V, X, Y, Z], labels [K, n], a class [1].
     *
     * @param name by which the task fills and reads it
     */
    record Block(String name, List<Long> shape) {
        /** The number of floats of one sample. */
        public long values() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /** One sample that is being filled. */
    interface Sample {
        /** Room for a block, filled from its position. */
        FloatBuffer block(String name);

        /** The point in the run's tree of draws that belongs to this sample. */
        Draws draws();
    }

    /**
     * Samples on the device, and where in the run they stand.
     *
     * @param blocks [B, …] by name
     * @param step steps taken before
     * @param steps steps of the run
     * @param draws of this step, for what is drawn on the device
     */
    record Batch(Map<String, Tensor> blocks, int step, int steps, Draws draws) {
        /** A block by its name. */
        public Tensor block(String name) {
            return Objects.requireNonNull(blocks.get(name), name);
        }

        /** Some of its crops, where every block has samples and crops in front, [B, K, …]: a batch of one crop a sample. */
        public Batch crops(long from, long length) {
            Map<String, Tensor> some = new LinkedHashMap<>();
            blocks.forEach((name, block) -> {
                long[] shape = block.shape();
                shape[0] *= shape[1];
                shape[1] = 1;
                some.put(name, block.reshape(shape).narrow(0, from, length));
            });
            return new Batch(some, step, steps, draws);
        }
    }

    /**
     * Weights that move alike.
     *
     * @param rate factor on the run's rate
     * @param decay factor on its weight decay
     */
    record Group(Map<String, Tensor> weights, double rate, double decay) {}

    /** What a sample is made of. */
    List<Block> blocks();

    /** Crops of a sample that go through the encoder. */
    int views();

    /** Scans of a sample: 2 where scans are compared. */
    default int scans() {
        return 1;
    }

    /**
     * Draws and fills a sample.
     *
     * @param scans as many as {@link #scans}, values in [0, 1]
     */
    void sample(List<Volume> scans, Sample into);

    /** The loss of a batch, with its graph. */
    Loss loss(Batch batch);

    /** Follows up on an optimiser step. */
    default void afterStep(Batch batch) {}

    /** The network whose features are handed on, and measured. */
    Embedding embedding();

    /** The same network as drawn from the seed, which nothing was taught; made anew. */
    Embedding untrained();

    /** What the optimiser moves. */
    List<Group> trainable();

    /**
     * Factor on the weight decay of a step.
     *
     * @param done the share of the run that is done before it, in [0, 1)
     */
    default double decay(double done) {
        return 1;
    }

    /** All those weights. */
    default List<Tensor> moved() {
        return trainable().stream()
                .flatMap(group -> group.weights().values().stream())
                .toList();
    }

    /** Everything that training changes besides the optimiser's state, by key; a checkpoint is written from it. */
    Map<String, Tensor> state();

    /** The weights to hand on, under published keys. */
    Map<String, Tensor> export();

    /**
     * Begins with weights of an earlier training instead of drawn ones, as far as they fit by name and shape.
     *
     * @throws IllegalArgumentException if not one of the encoder fits
     */
    LoadReport initialise(Map<String, Tensor> weights);

    /**
     * How well it does on scans that it was never trained on, beside what needs no training; null where the gate measures
     * all there is.
     *
     * @param scans at least one, the same whenever it is asked
     */
    default @Nullable PretextScore score(List<HeldOutScan> scans) {
        return null;
    }

    /**
     * Some held-out crops that the network restores, for a picture; none where it restores nothing.
     *
     * @param scans at least one
     */
    default List<Restored> restored(List<HeldOutScan> scans) {
        return List.of();
    }

    /** Floating-point operations of one step for one sample, there and back, for predicting time: 2 a multiply–add. */
    double flops();
}
