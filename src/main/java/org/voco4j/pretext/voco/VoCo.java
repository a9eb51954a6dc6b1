package org.voco4j.pretext.voco;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.augment.Draws;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.nn.LoadRequest;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.pretext.Embedding;
import org.voco4j.pretext.PretextTask;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Volume contrast: which bases does a random crop overlap, and by how much (§3, Eq. 7).
 *
 * <pre>  L = L_pred + λ·L_reg </pre>
 *
 * <p>{@link ContrastLoss} has it whole. The released codes have a teacher, a {@link Follower}; the paper has none.
 *
 * <p>The projector's batch norm sees all crops of all scans of a step together. They may go through the encoder in {@link
 * Chunks}.
 */
public final class VoCo implements PretextTask {
    private static final String VIEWS = "views"; // [K + n, X, Y, Z], the random crops first
    private static final String LABELS = "labels"; // [K, n]

    private final VoCoOptions options;
    private final Device device;
    private final ContrastNetwork student;
    private final Follower follower;
    private final Supplier<ContrastNetwork> untrained;
    private int chunk = Integer.MAX_VALUE;

    /**
     * A task with freshly drawn weights.
     *
     * @param options all choices
     * @param networks makes a network without weights; called once for each network
     * @param seed of the weights
     * @param device where to compute
     */
    public VoCo(VoCoOptions options, Supplier<ContrastNetwork> networks, long seed, Device device) {
        this.options = options;
        this.device = device;
        this.student = initialised(networks, seed, device);
        int smallest = student.encoder().smallestCrop();
        if (options.crop() < smallest) {
            throw new IllegalArgumentException(
                    "crop.size must be at least " + smallest + " for this encoder, not " + options.crop());
        }
        this.follower = new Follower(
                options, student, () -> initialised(networks, options.teacherCopies() ? seed : ~seed, device));
        this.untrained = () -> initialised(networks, seed, device);
    }

    /** What a checkpoint's names of the network that moves begin with. */
    public static String front(VoCoOptions options) {
        return options.teacher() == Teacher.PROJECTOR ? "" : "student.";
    }

    private static ContrastNetwork initialised(Supplier<ContrastNetwork> networks, long seed, Device device) {
        ContrastNetwork network = networks.get();
        network.initialise(seed);
        network.to(device, DType.F32);
        return network;
    }

    @Override
    public List<Block> blocks() {
        Shape3 view = options.view();
        return List.of(
                new Block(VIEWS, List.of((long) views(), (long) view.x(), (long) view.y(), (long) view.z())),
                new Block(LABELS, List.of((long) options.randomCrops(), (long) options.bases())));
    }

    @Override
    public int views() {
        return options.randomCrops() + options.bases();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        ContrastViews drawn = ContrastViews.sample(
                options.volume(),
                options.grid(),
                options.randomCrops(),
                options.augmentation(),
                options.augmentBases() ? options.augmentation() : CropAugmentation.NONE,
                into.draws());
        Draws place = into.draws().at(views()); // behind those of the views
        Volume seen = options.window().of(scans.get(0), options.volume(), place.random());
        drawn.fill(seen, options.view(), into.block(VIEWS));
        for (float[] shares : drawn.labels()) {
            into.block(LABELS).put(shares);
        }
    }

    @Override
    public Loss loss(Batch batch) {
        return loss(
                batch.block(VIEWS),
                batch.block(LABELS),
                features -> options.featureDropout().of(features, batch.draws()));
    }

    /**
     * The loss of scans.
     *
     * @param views [B, K + n, X, Y, Z]
     * @param labels [B, K, n]
     * @param dropped what the student's projector sees of the encoder's features, [B·(K + n), C]
     */
    Loss loss(Tensor views, Tensor labels, UnaryOperator<Tensor> dropped) {
        long scans = views.size(0);
        Tensor truth = labels.reshape(scans, options.randomCrops(), options.bases()); // [B, K, n]
        Tensor batch = views.reshape(-1, 1, views.size(2), views.size(3), views.size(4)); // [B·V, 1, X, Y, Z]
        Chunks chunks = new Chunks(student::pooled, batch, chunk);
        Tensor pooled = chunks.features();
        Tensor features = apart(student.project(dropped.apply(pooled)), scans); // [B, K + n, D]
        Tensor taught = follower.embed(pooled, batch, chunk);
        Loss loss = new ContrastLoss(options).of(truth, features, taught == null ? null : apart(taught, scans));
        return new Loss(loss.total(), loss.parts(), chunks::backward);
    }

    /** [B·V, D] → [B, V, D]. */
    private static Tensor apart(Tensor features, long scans) {
        return features.reshape(scans, -1, features.size(1));
    }

    @Override
    public boolean takesChunks() {
        return !student.encoder().mixesSamples();
    }

    @Override
    public void chunk(int crops) {
        if (crops < 1 || !takesChunks()) {
            throw new IllegalArgumentException(crops + " crops at once: "
                    + (crops < 1 ? "at least 1 is needed" : "an encoder that mixes samples takes whole batches only"));
        }
        chunk = crops;
    }

    @Override
    public void trial(int crops, boolean whole) {
        Shape3 view = options.view();
        Tensor empty =
                Tensor.zeros(DType.F32, crops, 1, view.x(), view.y(), view.z()).to(device);
        ContrastNetwork teacher = follower.network();
        if (teacher != null) {
            try (Evaluation none = Evaluation.of(teacher)) {
                Chunks.withoutGraph(teacher::pooled, empty, crops);
            }
        }
        try (Evaluation none = Evaluation.of(student)) { // no running average may see what is no scan
            if (!whole) {
                Chunks.withoutGraph(student::pooled, empty, crops);
            }
            student.pooled(empty).sum().backward();
        }
    }

    @Override
    public List<Group> trainable() {
        return List.of(new Group(student.taught(), 1, 1));
    }

    @Override
    public Embedding embedding() {
        return new ContrastFeatures(student);
    }

    @Override
    public Embedding untrained() {
        return new ContrastFeatures(untrained.get());
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        student.state().forEach((name, tensor) -> state.put(front(options) + name, tensor));
        ContrastNetwork teacher = follower.network();
        if (teacher != null) {
            teacher.state().forEach((name, tensor) -> state.put("teacher." + name, tensor));
        }
        return state;
    }

    @Override
    public Map<String, Tensor> export() {
        ContrastNetwork teacher = follower.network();
        return (options.exportTeacher() && teacher != null ? teacher : student).stateDict();
    }

    @Override
    public double flops() {
        int passes = 3
                + (follower.network() == null ? 0 : 1); // backward costs two forward passes; a teacher has no backward
        return 2.0 * student.encoder().multiplyAdds(options.crop()) * views() * passes;
    }

    /**
     * Takes over weights that {@link #export} handed on.
     *
     * @throws IllegalArgumentException if a weight is missing or has another shape
     */
    public void load(Map<String, Tensor> weights) {
        student.load(weights);
    }

    /**
     * Begins with weights of an earlier training instead of drawn ones, as far as they fit by name and shape.
     *
     * <p>A teacher that starts as a copy is one of the student with these weights; a teacher with weights of its own
     * keeps them. What is compared with, {@link #untrained}, stays the network as drawn.
     *
     * @throws IllegalArgumentException if not one of the encoder fits, or one is of another size
     */
    @Override
    public LoadReport initialise(Map<String, Tensor> weights) {
        LoadReport report = initialise(student, weights);
        follower.copy();
        return report;
    }

    /**
     * The same for the network alone, for whoever asks only whether weights fit.
     *
     * @throws IllegalArgumentException as {@link #initialise(Map)}
     */
    public static LoadReport initialise(ContrastNetwork network, Map<String, Tensor> weights) {
        LoadRequest all =
                new LoadRequest(name -> true, null, 1, network.encoder().positionGrid());
        return network.loadMatching(weights, all).requireEncoder(network::isOfEncoder);
    }
}
