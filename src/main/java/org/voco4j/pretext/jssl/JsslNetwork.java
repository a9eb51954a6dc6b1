package org.voco4j.pretext.jssl;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.LayerNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.network.transformer.TransformerBlock;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.SupervisedContrast;

/**
 * An encoder of slabs, a transformer over the slabs of a crop, and the clusters of both.
 *
 * <pre>
 *   e = N(W·[levels of a slab, each pooled and of length 1] + b)
 *   h = norm(blocks(e + position))      z = N(mean h over slabs), of length 1
 *   predicted = V·h + c  where a learned token stands for some of the e
 * </pre>
 *
 * <p>N is a batch norm of the step's own statistics: pooled features are nearly parallel, and without it all scores stay alike.
 */
final class JsslNetwork extends EncoderWithHead {
    private static final String CLUSTERS = "clusters.";
    private static final String POSITION = "position";
    private static final String TOKEN = "mask_token";
    private static final int PERCEPTRON = 4; // times as many numbers
    private static final double EPSILON = 1e-5;
    private static final double DEVIATION = 0.02;

    private final JsslSettings settings;
    private final Linear embed;
    private final Tensor position;
    private final Tensor token;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final Linear predict;
    private final Clusters slabs;
    private final Clusters volumes;

    JsslNetwork(Encoder encoder, JsslSettings settings) {
        super(encoder);
        this.settings = settings;
        int width = settings.width();
        embed = part("embed", new Linear(PooledLevels.count(encoder), width));
        position = weight(POSITION, settings.slabs(), width);
        token = weight(TOKEN, width);
        for (int i = 0; i < settings.blocks(); i++) {
            blocks.add(part("slabs.blocks." + i, new TransformerBlock(width, PERCEPTRON * width, settings.heads())));
        }
        norm = part("slabs.norm", new LayerNorm(width));
        predict = part("predict", new Linear(width, width));
        slabs = part(CLUSTERS + "slabs", new Clusters(settings));
        volumes = part(CLUSTERS + "volumes", new Clusters(settings));
    }

    /** e of pooled levels: [B·S, Σ c] → [B, S, D]. */
    Tensor embedded(Tensor pooled) {
        List<Tensor> levels = new ArrayList<>();
        int at = 0;
        for (int channels : encoder().channels()) {
            levels.add(SupervisedContrast.unit(pooled.narrow(1, at, channels)));
            at += channels;
        }
        Tensor rows = Ops.batchNorm(embed.forward(Tensor.concatenate(levels, 1)), EPSILON);
        return rows.reshape(-1, settings.slabs(), settings.width());
    }

    /** h, [B, S, D] → [B, S, D]. */
    private Tensor attended(Tensor embedded) {
        Tensor x = embedded.plus(position);
        for (TransformerBlock block : blocks) {
            x = block.forward(x);
        }
        return norm.forward(x);
    }

    /** z, [B, S, D] → [B, D]. */
    Tensor volume(Tensor embedded) {
        return SupervisedContrast.unit(Ops.batchNorm(attended(embedded).mean(1), EPSILON));
    }

    /**
     * Embeddings as they are told from those that are not hidden, [B, S, D].
     *
     * @param hidden [B, S, 1], 1 where hidden
     */
    Tensor predicted(Tensor embedded, Tensor hidden) {
        Tensor seen = embedded.times(hidden.times(-1).plus(1)).plus(token.times(hidden));
        return predict.forward(attended(seen));
    }

    /** The clusters of slabs. */
    Clusters slabs() {
        return slabs;
    }

    /** The clusters of whole crops. */
    Clusters volumes() {
        return volumes;
    }

    @Override
    protected void drawWeights(Initialiser initialiser) {
        initialiser.normal(POSITION, position, DEVIATION);
        initialiser.normal(TOKEN, token, 1);
    }

    /** Centres of features are moved by no gradient. */
    @Override
    protected boolean isFixed(String weight) {
        return settings.variant() == JsslSettings.Variant.DEEPCLUSTER && weight.startsWith(CLUSTERS);
    }

    /** Clusters are of these scans alone. */
    @Override
    protected boolean isHandedOn(String weight) {
        return !weight.startsWith(CLUSTERS);
    }
}
