package org.voco4j.pretext.masked;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.TokenMask;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What tasks have in common that hide most cells of a crop and ask for their voxels.
 *
 * @param <N> the encoder, and what makes voxels of its features
 */
abstract class MaskedImage<N extends EncoderWithHead> extends EncoderTask<N> {
    private static final String CROPS = "crops"; // [K, X, Y, Z]
    private static final String HIDDEN = "hidden"; // [K, cells along X, Y, Z], 1 where hidden

    private final int crops;
    private final Shape3 grid;
    private final double ratio;

    /**
     * A task with freshly drawn weights.
     *
     * @param crops of a scan
     * @param cells along each axis of a crop
     * @param ratio of the cells that are hidden
     */
    MaskedImage(Setup setup, int crops, int cells, double ratio, Supplier<N> made) {
        super(setup, made);
        this.crops = crops;
        this.ratio = ratio;
        grid = new Shape3(cells, cells, setup.view().z() == 1 ? 1 : cells);
    }

    /**
     * Refuses numbers that hide nothing or all.
     *
     * @throws IllegalArgumentException with the key
     */
    static void require(int crops, int cells, double ratio) {
        if (crops < 1) {
            throw new IllegalArgumentException("pretext.crops must be at least 1, not " + crops);
        }
        if (cells < 2) {
            throw new IllegalArgumentException("pretext.cells must be at least 2, not " + cells);
        }
        if (!(ratio > 0 && ratio < 1)) {
            throw new IllegalArgumentException("pretext.ratio must lie between 0 and 1, not " + ratio);
        }
    }

    /** Refuses cells that do not divide a crop. */
    static void requireDivides(int cells, int crop) {
        if (crop % cells != 0) {
            throw new IllegalArgumentException(
                    "pretext.cells must divide crop.size, " + crop + ", which " + cells + " does not");
        }
    }

    /**
     * The voxels that the network tells, [B, 1, X, Y, Z] in 32 bits.
     *
     * @param crops [B, 1, X, Y, Z]
     * @param hidden [B, cells along X, Y, Z], 1 where hidden
     */
    abstract Tensor predicted(N network, Tensor crops, Tensor hidden);

    /**
     * The mean error of hidden voxels.
     *
     * @param hidden [B, 1, X, Y, Z], 1 where hidden
     * @return one value
     */
    abstract Tensor error(Tensor predicted, Tensor crops, Tensor hidden);

    @Override
    public final List<Block> blocks() {
        List<Long> cells = List.of((long) crops, (long) grid.x(), (long) grid.y(), (long) grid.z());
        return List.of(crops(CROPS, crops), new Block(HIDDEN, cells));
    }

    @Override
    public final int views() {
        return crops;
    }

    @Override
    public final void sample(List<Volume> scans, Sample into) {
        FloatBuffer hidden = into.block(HIDDEN);
        for (int k = 0; k < crops; k++) {
            SplittableRandom random = into.draws().at(k).random();
            into.block(CROPS).put(view(scans.get(0), crop(scans.get(0), random)));
            hidden.put(TokenMask.draw(random.doubles(grid.voxels()).toArray(), ratio));
        }
    }

    private Tensor cells(Batch batch) {
        return batch.block(HIDDEN).reshape(-1, grid.x(), grid.y(), grid.z()); // [B·K, …]
    }

    @Override
    protected final Loss loss(N network, Batch batch) {
        Tensor crops = together(batch.block(CROPS)); // [B·K, 1, X, Y, Z]
        Tensor cells = cells(batch);
        return new Loss(error(predicted(network, crops, cells), crops, TokenMask.spread(cells, crops)), Map.of());
    }

    @Override
    protected final List<Tensor> restored(N network, Batch batch) {
        Tensor crops = together(batch.block(CROPS));
        Tensor hidden = TokenMask.spread(cells(batch), crops);
        Tensor seen = crops.times(hidden.times(-1).plus(1));
        return List.of(seen, seen.plus(predicted(network, crops, cells(batch)).times(hidden)), crops);
    }

    @Override
    protected final boolean isMeanOverCrops() {
        return true; // as many cells are hidden of each
    }

    @Override
    protected final Tensor computed(N network, Tensor crops) {
        Tensor none = Tensor.zeros(DType.F32, crops.size(0), grid.x(), grid.y(), grid.z());
        return predicted(network, crops, none.to(crops.device()));
    }

    @Override
    protected final String measure() {
        return "loss";
    }

    /** The mean of what is seen of a crop, what is seen carried on into the cells from their edges, and the mean of other scans. */
    @Override
    protected final Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor crops = together(batch.block(CROPS));
        Tensor hidden = TokenMask.spread(cells(batch), crops);
        Tensor seen = hidden.times(-1).plus(1);
        Tensor level = crops.times(seen).sumKeeping(2, 3, 4).over(seen.sumKeeping(2, 3, 4));
        Map<String, Double> errors = new LinkedHashMap<>();
        errors.put("mean", error(level, crops, hidden).item());
        errors.put(
                "neighbours",
                error(TokenMask.filled(crops, seen), crops, hidden).item());
        errors.put(
                "mean scan",
                error(together(mean.get().block(CROPS)), crops, hidden).item());
        return errors;
    }
}
