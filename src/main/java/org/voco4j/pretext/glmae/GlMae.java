package org.voco4j.pretext.glmae;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Autocast;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.HiddenPatches;
import org.voco4j.pretext.part.MomentumTeacher;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.TargetEntropy;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What do the hidden patches of large and small crops hold, and what do such crops show, in the words of a slow copy of the network that
 * sees the large ones whole?
 *
 * <pre>  L = R_global + R_local + β₁·C_gg + β₂·C_gl </pre>
 *
 * <p>R is the mean of (y − x)² over hidden patches and their voxels, C a {@link Consistency}: C_gg of a masked global crop with the same one
 * whole, C_gl of every masked local crop with every whole global one of its scan.
 */
public final class GlMae extends EncoderTask<GlMaeNetwork> {
    /** The part of the loss that is measured: R over all crops. */
    static final String RECONSTRUCTION = "reconstruction";
    /** C_gg. */
    static final String GLOBAL = "consistencyGlobal";
    /** C_gl. */
    static final String LOCAL = "consistencyLocal";
    /** {@link TargetEntropy#ofMean} of DINO's targets. */
    static final String SPREAD = "meanTargetEntropy";
    /** {@link TargetEntropy#of} of DINO's targets. */
    static final String ENTROPY = "targetEntropy";

    private static final double EARLY = 0.1; // our reading: reconstruction comes first
    private static final long PASSES = 3; // backward costs two forward passes
    private static final String CROPS = "crops"; // [p + q, X, Y, Z], global ones first
    private static final String ORDER = "order"; // [p + q, n], numbers of patches, hidden ones first

    private final GlMaeSettings settings;
    private final CropAugmentation augmentation;
    private final HiddenPatches patches;
    private final GlMaeNetwork teacher;
    private final Tensor centre; // c, [K]
    private final Tensor lastMean; // of T in the last step, [K]

    GlMae(GlMaeSettings settings, Setup setup) {
        super(setup, encoder -> new GlMaeNetwork(encoder, settings));
        this.settings = settings;
        augmentation = settings.augmentation();
        patches = HiddenPatches.of(network(), settings.ratio());
        teacher = slowCopy(new GlMaeNetwork(setup.encoder(), settings));
        centre = none();
        keep("", Map.of("centre", centre));
        lastMean = none();
    }

    private Tensor none() {
        return Tensor.zeros(DType.F32, settings.projector().out())
                .to(setup().device())
                .persist();
    }

    @Override
    public List<Block> blocks() {
        return List.of(crops(CROPS, views()), new Block(ORDER, List.of((long) views(), (long) patches.patches())));
    }

    @Override
    public int views() {
        return settings.views();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        for (int k = 0; k < views(); k++) {
            SplittableRandom random = into.draws().at(k).random();
            GlMaeSettings.Crops crops = k < settings.globals().crops() ? settings.globals() : settings.locals();
            Box box = RandomCrop.sample(scan.shape(), crops.least(), crops.most(), random);
            into.block(CROPS).put(augmentation.sample(random).apply(view(scan, box), setup().crop()));
            patches.draw(random, into.block(ORDER));
        }
    }

    private Tensor order(Batch batch) {
        return batch.block(ORDER).reshape(-1, patches.patches()); // [B·(p + q), n]
    }

    @Override
    protected Loss loss(GlMaeNetwork network, Batch batch) {
        Tensor crops = together(batch.block(CROPS)); // [B·(p + q), 1, X, Y, Z]
        Tensor order = order(batch);
        long scans = batch.block(CROPS).size(0);
        int globals = settings.globals().crops();
        int locals = settings.locals().crops();
        Tensor whole = together(batch.block(CROPS).narrow(1, 0, globals)); // [B·p, 1, X, Y, Z]
        Tensor taught; // T
        try (NoGrad none = NoGrad.open()) {
            taught = chunks(this::taught, whole).features();
            lastMean.copyInPlace(taught.mean(0));
        }
        Chunks chunks = chunks(rows -> toldAndProjected(network, rows), rows(crops, order));
        Tensor features = chunks.features();
        Tensor target = network.patches(crops, patches.hidden(order)); // [B·(p + q), H, v]
        long voxels = target.size(1) * target.size(2);
        Tensor told = features.narrow(1, 0, voxels).reshape(target.shape());
        Tensor errors = told.minus(target).square().mean(1, 2).reshape(scans, views()); // [B, p + q]
        Consistency consistency = settings.consistency();
        Tensor projected =
                features.narrow(1, voxels, settings.projector().out()).reshape(scans, views(), -1); // S
        Tensor said = consistency.said(projected, settings.temperature().student());
        Tensor targets = consistency.target(
                taught.reshape(scans, globals, -1),
                centre,
                settings.temperature().teacher());
        Tensor global = consistency.ofPairs(said.narrow(1, 0, globals), targets);
        Tensor local = consistency.ofAll(said.narrow(1, globals, locals), targets);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(RECONSTRUCTION, errors.mean());
        parts.put(GLOBAL, global);
        parts.put(LOCAL, local);
        if (consistency == Consistency.DINO) {
            parts.put(SPREAD, TargetEntropy.ofMean(targets));
            parts.put(ENTROPY, TargetEntropy.of(targets));
        }
        double share = batch.step() < settings.early() ? EARLY : 1; // of the consistencies
        Tensor total = errors.narrow(1, 0, globals)
                .mean()
                .plus(errors.narrow(1, globals, locals).mean())
                .plus(global.times(share * settings.globalWeight()))
                .plus(local.times(share * settings.localWeight()));
        return new Loss(total, parts, chunks::backward);
    }

    /** Crops and their orders side by side, so that they stay together in chunks: [B, X·Y·Z + n]. */
    private static Tensor rows(Tensor crops, Tensor order) {
        return Tensor.concatenate(List.of(crops.reshape(crops.size(0), -1), order), 1);
    }

    /** [B, X·Y·Z + n] → [B, H·v + K]. */
    private Tensor toldAndProjected(GlMaeNetwork network, Tensor rows) {
        Shape3 view = setup().view();
        Tensor crops = rows.narrow(1, 0, view.voxels()).reshape(-1, 1, view.x(), view.y(), view.z());
        Tensor order = rows.narrow(1, view.voxels(), patches.patches());
        try (Autocast cast = Autocast.open(setup().device(), setup().precision())) {
            return network.toldAndProjected(crops, patches.hidden(order), patches.visible(order))
                    .to(DType.F32);
        }
    }

    /** T, [B, K]. */
    private Tensor taught(Tensor crops) {
        try (Autocast cast = Autocast.open(setup().device(), setup().precision())) {
            return teacher.projected(crops, patches.unmoved(crops)).to(DType.F32);
        }
    }

    @Override
    protected GlMaeNetwork handedOn() {
        return settings.export() == GlMaeSettings.Export.TEACHER ? teacher : network();
    }

    /** The teacher follows, and the centre: m grows from its first value to 1 by a cosine (DINO). */
    @Override
    public void afterStep(Batch batch) {
        double done = batch.step() / (double) batch.steps();
        MomentumTeacher.update(teacher, network(), MomentumTeacher.momentum(settings.momentum(), done));
        InPlace.average(centre, settings.centre(), lastMean);
    }

    @Override
    protected List<Tensor> restored(GlMaeNetwork network, Batch batch) {
        Tensor crops = together(batch.block(CROPS));
        Tensor order = order(batch);
        return patches.restored(
                network, crops, order, network.told(crops, patches.hidden(order), patches.visible(order)));
    }

    /** The teacher sees the global ones of them. */
    @Override
    protected Tensor computed(GlMaeNetwork network, Tensor crops) {
        long globals = Math.max(1, crops.size(0) * settings.globals().crops() / views());
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            taught(crops.narrow(0, 0, globals));
        }
        return toldAndProjected(network, rows(crops, patches.unmoved(crops)));
    }

    @Override
    protected String measure() {
        return RECONSTRUCTION;
    }

    /** The mean of what is seen of a crop, what is seen carried on into the patches from their edges, and the mean of other scans. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor crops = together(batch.block(CROPS));
        Tensor hidden = patches.hidden(order(batch));
        Map<String, Double> errors = new LinkedHashMap<>();
        patches.guesses(crops, order(batch), together(mean.get().block(CROPS)))
                .forEach((name, guess) -> errors.put(
                        name,
                        network()
                                .patches(guess, hidden)
                                .minus(network().patches(crops, hidden))
                                .square()
                                .mean()
                                .item()));
        return errors;
    }

    @Override
    public double flops() {
        long student = PASSES * views() * network().multiplyAdds(patches.visible());
        long taught = settings.globals().crops() * network().encoderMultiplyAdds(patches.patches());
        return 2.0 * (student + taught);
    }
}
