package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.nn.TokenEncoder;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Backbone;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Embedding;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextScore;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Restored;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * What tasks have in common that teach one encoder with a head on it: weights, checkpoint, export, and the features that are
 * measured.
 *
 * @param <N> the encoder and the head
 */
public abstract class EncoderTask<N extends EncoderWithHead> implements PretextTask {
    private static final int PASSES = 3; // backward costs two forward passes
    private static final String LOSS = "loss";
    private static final int ALL = Integer.MAX_VALUE; // a chunk that holds every step
    private static final int SHOWN = 3; // scans of which a restored crop is drawn

    private final Setup setup;
    private final Supplier<N> made;
    private final N network;
    private int chunk = ALL;
    private @Nullable Map<String, Double> controls;
    private final Map<String, Tensor> beside = new LinkedHashMap<>();
    private @Nullable Module slowCopy;

    /**
     * A task with freshly drawn weights.
     *
     * @param made puts the head on the encoder, both without weights yet
     * @throws IllegalArgumentException if crops are too small for the encoder
     */
    protected EncoderTask(Setup setup, Function<Encoder, N> made) {
        this(setup, () -> made.apply(setup.encoder()));
    }

    /** The same with a network that brings its encoder along, without weights yet. */
    protected EncoderTask(Setup setup, Supplier<N> made) {
        this.setup = setup;
        this.made = made;
        network = drawn();
    }

    private N drawn() {
        N drawn = made.get();
        drawn.initialise(setup.seed());
        drawn.afterDrawing();
        drawn.to(setup.device(), DType.F32);
        return drawn;
    }

    /** A network that begins as a copy of the one that is taught, and that only {@link MomentumTeacher} moves; in checkpoints. */
    protected final <M extends Module> M slowCopy(M made) {
        made.to(setup.device(), DType.F32);
        made.load(network.state());
        made.requireGradients(false);
        keep("teacher.", made.state());
        slowCopy = made;
        return made;
    }

    /** Has checkpoints hold what training changes beside the network. */
    protected final void keep(String prefix, Map<String, Tensor> tensors) {
        tensors.forEach((name, tensor) -> beside.put(prefix + name, tensor));
    }

    /** A random crop of a scan, as large as a base of the gate. */
    protected static Box crop(Volume scan, SplittableRandom random) {
        return RandomCrop.sample(scan.shape(), PretextMethod.GRID, random);
    }

    /** A crop cut and resized to what goes through the encoder (trilinear, corners aligned). */
    protected final float[] view(Volume scan, Box box) {
        float[] values = new float[Math.toIntExact(setup.view().voxels())];
        Resize.trilinear(scan.voxels(), scan.shape(), box, true, setup.view(), values, 0);
        return values;
    }

    /** Room for crops of a sample, each of the size that goes through the encoder: [K, X, Y, Z]. */
    protected final Block crops(String name, int count) {
        Shape3 view = setup.view();
        return new Block(name, List.of((long) count, (long) view.x(), (long) view.y(), (long) view.z()));
    }

    /** The crops of all samples as one batch: [B, K, X, Y, Z] → [B·K, 1, X, Y, Z]. */
    protected static Tensor together(Tensor crops) {
        return crops.reshape(-1, 1, crops.size(2), crops.size(3), crops.size(4));
    }

    /** What it is built around. */
    protected final Setup setup() {
        return setup;
    }

    /** The encoder and the head. */
    protected final N network() {
        return network;
    }

    /**
     * What the encoder that is handed on makes of crops, [B, 1, X, Y, Z] → [B, Σ c], chunk by chunk; the loss must call {@link
     * Chunks#backward} after its own backward pass.
     */
    protected final Chunks pooled(N network, Tensor crops) {
        return chunks(features(network)::pooled, crops);
    }

    /**
     * The same of anything that is made of crops one by one.
     *
     * @param rows [B, …] → [B, D], row by row
     */
    protected final Chunks chunks(UnaryOperator<Tensor> rows, Tensor crops) {
        return new Chunks(rows, crops, chunk, chunk == ALL);
    }

    /**
     * Refuses transformers whose tokens are out of reach.
     *
     * @param task its name
     * @throws IllegalArgumentException with the keys
     */
    protected final void requireTokens(String task) {
        boolean transformer = Set.of(Backbone.Name.SWIN_UNETR, Backbone.Name.UNETR)
                .contains(setup.backbone().encoder());
        if (transformer && !(network.encoder() instanceof TokenEncoder)) {
            throw new IllegalArgumentException(
                    "pretext.task: " + task + " takes tokens of transformers with model.dims: 3 only");
        }
    }

    /** The loss of a batch for a network, with what is worth watching beside it. */
    protected abstract Loss loss(N network, Batch batch);

    /**
     * Whether the loss is the mean over crops of what each costs by itself: then the crops of a step, [B, K, …] in every block,
     * may go there and back a few at a time, not only through the encoder.
     */
    protected boolean isMeanOverCrops() {
        return false;
    }

    /** Which part of the loss, or {@code loss}, tells best how well the task is done. */
    protected abstract String measure();

    /**
     * The same number for a batch of what was taught nothing, by name; an untrained network's stands beside it anyway.
     *
     * @param mean the batch that the same draws make of the mean of other patients' scans
     */
    protected abstract Map<String, Double> controls(Batch batch, Supplier<Batch> mean);

    /** Batches without anatomy, by name: what the network scores on them, it has from elsewhere. */
    protected Map<String, Batch> blind(Batch batch) {
        return Map.of();
    }

    /** What is to be done with a batch before the loss of its step: others than the network that learn from it. */
    protected void beforeLoss(Batch batch) {}

    /** Most held-out scans that are measured in one batch: as many as a step has, unless all are to be compared with each other. */
    protected int heldOutTogether() {
        return setup.samples();
    }

    @Override
    public final Loss loss(Batch batch) {
        beforeLoss(batch);
        return inPieces(network, batch, true);
    }

    /**
     * The loss, where it may be as the mean over pieces of a batch.
     *
     * @param back whether all pieces but the last go back before it returns
     */
    private Loss inPieces(N of, Batch batch, boolean back) {
        long crops = batch.blocks().values().iterator().next().size(0) * views();
        if (!isMeanOverCrops() || crops <= chunk) {
            return loss(of, batch);
        }
        Map<String, Double> means = new LinkedHashMap<>();
        long from = 0;
        for (; from + chunk < crops; from += chunk) {
            try (Scope scope = Scope.open()) {
                Loss loss = loss(of, batch.crops(from, chunk));
                double share = (double) chunk / crops;
                means.merge(LOSS, share * loss.total().item(), Double::sum);
                loss.parts().forEach((name, part) -> means.merge(name, share * part.item(), Double::sum));
                if (back) {
                    loss.total().times(share).backward();
                }
            }
        }
        Loss last = loss(of, batch.crops(from, crops - from));
        double share = (double) (crops - from) / crops;
        Map<String, Tensor> parts = new LinkedHashMap<>();
        last.parts()
                .forEach((name, part) ->
                        parts.put(name, part.detach().times(share).plus(means.getOrDefault(name, 0.0))));
        return new Loss(last.total().times(share).plus(means.getOrDefault(LOSS, 0.0)), parts);
    }

    @Override
    public final PretextScore score(List<HeldOutScan> scans) {
        if (controls == null) {
            N fresh = drawn();
            controls = heldOut(scans).mean((batch, mean) -> {
                Map<String, Double> numbers = new LinkedHashMap<>(controls(batch, mean));
                numbers.put("untrained", measured(fresh, batch));
                return numbers;
            });
        }
        Map<String, Double> numbers = heldOut(scans).mean((batch, mean) -> {
            Map<String, Double> found = new LinkedHashMap<>();
            found.put(measure(), measured(network, batch));
            blind(batch).forEach((name, other) -> found.put(name, measured(network, other)));
            return found;
        });
        Map<String, Double> others = new LinkedHashMap<>(controls);
        others.putAll(numbers);
        others.remove(measure());
        return new PretextScore(measure(), numbers.getOrDefault(measure(), Double.NaN), others);
    }

    /**
     * The crops of a batch as the network sees them, as it restores them, and as they were, [B, 1, X, Y, Z] each, values in [0, 1];
     * nothing where it restores none.
     */
    protected List<Tensor> restored(N network, Batch batch) {
        return List.of();
    }

    @Override
    public final List<Restored> restored(List<HeldOutScan> scans) {
        List<HeldOutScan> some = scans.subList(0, Math.min(SHOWN, scans.size()));
        List<Restored> restored = new ArrayList<>();
        new HeldOutBatches(this, some, 1, setup.device()).mean((batch, mean) -> {
            try (NoGrad none = NoGrad.open();
                    Evaluation evaluation = Evaluation.of(network)) {
                List<Volume> crops = restored(network, batch).stream()
                        .map(crop -> new Volume(
                                setup.view(),
                                Affine.identity(),
                                crop.narrow(0, 0, 1).toFloats()))
                        .toList();
                if (!crops.isEmpty()) {
                    restored.add(new Restored(crops.get(0), crops.get(1), crops.get(2)));
                }
            }
            return Map.of();
        });
        return restored;
    }

    private HeldOutBatches heldOut(List<HeldOutScan> scans) {
        return new HeldOutBatches(this, scans, heldOutTogether(), setup.device());
    }

    private double measured(N of, Batch batch) {
        try (NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(of)) {
            Loss loss = inPieces(of, batch, false);
            Tensor part = measure().equals(LOSS) ? loss.total() : loss.parts().get(measure());
            return Objects.requireNonNull(part, measure()).item();
        }
    }

    private Embedding features(N of) {
        return new PooledFeatures(of, setup.precision());
    }

    /** The network whose encoder is handed on, and measured. */
    protected N handedOn() {
        return network;
    }

    @Override
    public Embedding embedding() {
        return features(handedOn());
    }

    @Override
    public Embedding untrained() {
        return features(drawn());
    }

    @Override
    public List<Group> trainable() {
        Map<String, Tensor> moved = taught(network.weights());
        moved.keySet().removeIf(network::isFixed);
        return List.of(new Group(moved, 1, 1));
    }

    @Override
    public final Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(network.state());
        state.putAll(beside);
        return state;
    }

    @Override
    public Map<String, Tensor> export() {
        Map<String, Tensor> handedOn = taught(handedOn().stateDict());
        handedOn.keySet().removeIf(name -> !network.isHandedOn(name));
        return handedOn;
    }

    private Map<String, Tensor> taught(Map<String, Tensor> weights) {
        Map<String, Tensor> taught = new LinkedHashMap<>(weights);
        taught.keySet().removeIf(name -> !network.isTaught(name));
        return taught;
    }

    @Override
    public LoadReport initialise(Map<String, Tensor> weights) {
        Encoder part = network.encoder();
        LoadReport report = network.loadMatching(weights, new LoadRequest(name -> true, null, 1, part.positionGrid()))
                .requireEncoder(part.weights()::containsKey);
        if (slowCopy != null) {
            slowCopy.load(network.state());
        }
        return report;
    }

    @Override
    public final boolean takesChunks() {
        return !network.encoder().mixesSamples();
    }

    @Override
    public final void chunk(int views) {
        if (views < 1 || !takesChunks()) {
            throw new IllegalArgumentException(
                    views + " crops at once: the encoder needs at least 1, and with batch norm all of a step");
        }
        chunk = views;
    }

    @Override
    public final void trial(int views, boolean whole) {
        Shape3 view = setup.view();
        Tensor empty =
                Tensor.zeros(DType.F32, views, 1, view.x(), view.y(), view.z()).to(setup.device());
        try (Evaluation none = Evaluation.of(network)) { // no running average may see what is no scan
            if (!whole && !isMeanOverCrops()) {
                Chunks.withoutGraph(crops -> computed(network, crops), empty, views);
            }
            computed(network, empty).sum().backward();
        }
    }

    /** What a step computes of crops [B, 1, X, Y, Z], for its time and memory: the encoder's features, unless more is taught. */
    protected Tensor computed(N network, Tensor crops) {
        return features(network).pooled(crops);
    }

    @Override
    public double flops() {
        return 2.0 * network.encoder().multiplyAdds(setup.crop()) * views() * PASSES;
    }
}
