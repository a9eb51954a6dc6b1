package org.voco4j.engine.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.MapLayout;
import org.voco4j.engine.tensor.Tensor;

/** A network that gives every voxel a class: an {@link Encoder}, and a decoder that starts from its maps. */
public abstract class SegmentationNetwork extends Module {

    /** [B, C, X, Y(, Z)] → logits [B, K, X, Y(, Z)]. */
    public final Tensor forward(Tensor x) {
        return decode(encode(x));
    }

    /** The maps that the decoder takes, for an encoder that runs on its own (frozen, without a graph). */
    public abstract List<Tensor> encode(Tensor x);

    /** Logits [B, K, X, Y(, Z)] from what {@link #encode} returned. */
    public final Tensor decode(List<Tensor> maps) {
        Tensor features = features(maps); // [B, F, X, …]
        Conv last = classifier();
        return last == null ? MapLayout.rowMajor(features) : last.pointwiseRowMajor(features); // [B, K, X, …]
    }

    /** What the decoder ends with before the {@link #classifier}, [B, F, X, Y(, Z)]: the logits where there is none. */
    public abstract Tensor features(List<Tensor> maps);

    /** The last layer where it is a 1x1x1 convolution, affine in the features of each voxel; null where it is not. */
    public abstract @Nullable Conv classifier();

    /** What pre-training teaches; its weights have the names that they have here. */
    public abstract Encoder encoder();

    /** K, the background among them. */
    public abstract int classes();

    /**
     * Whether a weight is of the last layer, whose size depends on the classes.
     *
     * @param weight its dotted name, one of {@link #weights}
     */
    public abstract boolean isOfClasses(String weight);
}
