package org.voco4j.pretext.rubikpp;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithDecoder;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.Restoration;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * How did a crop lie before its slabs were turned? A whole network for segmentation restores it, and where the recipe asks for it a critic
 * judges what it made:
 *
 * <pre>  L = λ·mean (σ(f(twisted)) − original)² + BCE(D(σ(f(twisted)) ‖ twisted), 1) </pre>
 *
 * <p>{@link Critic} moves first, by what the network restores of the same crops.
 */
public final class RubikPlusPlus extends Restoration {
    /** The mean square error, where the loss is more than that. */
    static final String ERROR = "error";
    /** {@link Critic#fooled}. */
    static final String FOOLED = "fooled";

    private static final double PASSES =
            4.0 / 3; // what is restored for the critic is one more pass beside there and back

    private final RubikPlusPlusSettings settings;
    private final @Nullable Adversary adversary;

    RubikPlusPlus(RubikPlusPlusSettings settings, Setup setup) {
        super(setup, settings.crops());
        this.settings = settings;
        adversary = settings.adversarial() ? new Adversary(setup) : null;
        if (adversary != null) {
            keep("", adversary.state());
        }
    }

    @Override
    protected Pair pair(Volume scan, SplittableRandom random) {
        Shape3 view = setup().view();
        float[] crop = view(scan, RandomCrop.sample(scan.shape(), settings.region(), random));
        List<Twist> moves = Twist.draw(view, settings.slabs(), settings.quarters(), random);
        return new Pair(Twist.all(moves, crop, view, settings.slabs()), crop);
    }

    /** The generator's loss of its parts. */
    static Tensor total(Tensor error, Tensor fooled, double lambda) {
        return error.times(lambda).plus(fooled);
    }

    @Override
    protected Loss loss(EncoderWithDecoder network, Batch batch) {
        if (adversary == null) {
            return super.loss(network, batch);
        }
        Tensor twisted = distorted(batch);
        Tensor logits = restored(network, twisted);
        Tensor error = error(logits, original(batch));
        if (!isJudged(batch)) {
            return new Loss(error.times(settings.lambda()), Map.of(ERROR, error));
        }
        Tensor fooled = Critic.fooled(adversary.verdicts(Ops.sigmoid(logits), twisted));
        return new Loss(total(error, fooled, settings.lambda()), Map.of(ERROR, error, FOOLED, fooled));
    }

    private boolean isJudged(Batch batch) {
        return batch.step() >= settings.criticAfter();
    }

    @Override
    protected void beforeLoss(Batch batch) {
        if (adversary == null || !isJudged(batch)) {
            return;
        }
        Tensor twisted = distorted(batch);
        Tensor original = original(batch);
        Tensor restored;
        try (NoGrad none = NoGrad.open()) {
            restored = chunks(crops -> Ops.sigmoid(restored(network(), crops)), twisted)
                    .features();
        }
        adversary.move(original, restored, twisted, this::chunks);
    }

    /** With a critic, what it says too, what it was given to learn from, and what that costs it. */
    @Override
    protected Tensor computed(EncoderWithDecoder network, Tensor crops) {
        if (adversary == null) {
            return super.computed(network, crops);
        }
        try (Scope scope = Scope.open()) {
            try (NoGrad none = NoGrad.open()) {
                restored(network, crops);
            }
            adversary.trial(crops, this::chunks);
        }
        return adversary.verdicts(Ops.sigmoid(restored(network, crops)), crops);
    }

    @Override
    protected String measure() {
        return adversary == null ? super.measure() : ERROR;
    }

    @Override
    public double flops() {
        return super.flops() * (adversary == null ? 1 : PASSES);
    }
}
