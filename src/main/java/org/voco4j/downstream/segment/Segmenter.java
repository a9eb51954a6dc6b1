package org.voco4j.downstream.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.Preprocessing.Prepared;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.downstream.model.ModelCard;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelLabels;
import org.voco4j.downstream.model.ModelNetworks;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * A trained network that labels scans: prepared as in training, segmented by overlapping windows, and brought back to the
 * scan's own grid.
 *
 * <pre>{@code
 * try (Segmenter segmenter = Segmenter.load(Path.of("runs/liver"))) {
 *     LabelMap organs = segmenter.segment(new Volume(shape, affine, voxels));
 * }
 * }</pre>
 *
 * <p>May be used by several threads at once: they share the weights, which nothing changes, and each call has memory of its
 * own, so that results are the same as one after the other. What each of them holds counts for the others' bound of memory.
 */
public final class Segmenter implements AutoCloseable {
    private static final int LABEL = 1; // byte per voxel, of the model's grid and of the scan's own

    private final ModelCard card;
    private final String digest;
    private final List<SegmentationNetwork> networks;
    private final BlendedNetwork blended;
    private final Map<Boolean, Long> windowBytes = new HashMap<>(); // with and without reflections, as far as measured

    /** What came out: labels and, if asked for, the probability of each logit, all on the scan's own grid. */
    public record Segmentation(LabelMap labels, List<Volume> probabilities) {}

    private Segmenter(ModelCard card, String digest, Device device, List<SegmentationNetwork> networks) {
        this(card, digest, networks, BlendedNetwork.of(networks, device));
    }

    private Segmenter(ModelCard card, String digest, List<SegmentationNetwork> networks, BlendedNetwork blended) {
        this.card = card;
        this.digest = digest;
        this.networks = networks;
        this.blended = blended;
    }

    /**
     * Loads a model of {@code voco finetune} on the CPU.
     *
     * @param path a run's folder, or its {@code model.safetensors}
     * @throws IOException if there is none, it is damaged, or its metadata do not say all that is needed
     */
    public static Segmenter load(Path path) throws IOException {
        return load(List.of(ModelFile.read(path)), null, Device.CPU);
    }

    /**
     * Makes one of weights; of several files the logits are averaged, as of the folds of one data set.
     *
     * @param files at least one
     * @param stated what the weights are for, where their files do not say; null: as each file says, all the same
     * @param device where to compute
     * @throws IOException if a file does not say what it is for, does not fit what it says, or differs from the first
     */
    public static Segmenter load(List<ModelFile> files, @Nullable ModelCard stated, Device device) throws IOException {
        ModelCard card = stated == null ? ModelNetworks.shared(files, ModelCard::of, ModelCard::facts) : stated;
        if (files.isEmpty()) {
            throw new IllegalArgumentException("expected at least one file of weights");
        }
        List<SegmentationNetwork> networks = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (ModelFile file : files) {
                networks.add(ModelNetworks.of(
                        file,
                        card::network,
                        card.backbone().facts() + " with " + card.channels() + " channels in and "
                                + card.labels().logits() + " out",
                        device));
            }
        }
        String digests = files.stream().map(ModelFile::digest).collect(Collectors.joining("+"));
        return new Segmenter(card, digests, device, networks);
    }

    /** One with weights drawn from a seed, to see what segmenting takes. */
    public static Segmenter untrained(ModelCard card, long seed, Device device) {
        try (Scope scope = Scope.open()) {
            SegmentationNetwork network = card.network();
            network.initialise(seed);
            network.to(device, DType.F32);
            network.training(false);
            return new Segmenter(card, "untrained " + seed, device, List.of(network));
        }
    }

    /**
     * The same model with other values and names in its label maps; closing one of the two closes both.
     *
     * @throws IllegalArgumentException if there are more or fewer of them
     */
    public Segmenter relabelled(ModelLabels labels) {
        if (labels.logits() != card.labels().logits()) {
            throw new IllegalArgumentException(
                    "the model tells " + card.labels().names() + " apart, not " + labels.names());
        }
        ModelCard other = new ModelCard(
                card.backbone(),
                card.channels(),
                labels,
                card.preprocessing(),
                card.patch(),
                card.overlap(),
                card.blend());
        return new Segmenter(other, digest, networks, blended);
    }

    /** What the model says about itself. */
    public ModelCard card() {
        return card;
    }

    /** SHA-256 of the file of weights; of several files, theirs joined by {@code +}. */
    public String digest() {
        return digest;
    }

    /** The labels of a scan of one channel, as {@link #segment(Channels, SegmenterOptions)}. */
    public LabelMap segment(Volume scan) {
        return segment(Channels.of(scan));
    }

    /** The labels of a scan, as {@link #segment(Channels, SegmenterOptions)}. */
    public LabelMap segment(Channels scan) {
        return segment(scan, SegmenterOptions.DEFAULT).labels();
    }

    /**
     * Refuses models that must not see reflections, {@link SegmenterOptions#mirror()}.
     *
     * @throws IllegalArgumentException if a class names a side, with its name
     */
    public void requireNoSides() {
        Sides.first(card.labels().names()).ifPresent(name -> {
            throw new IllegalArgumentException("the class '" + name
                    + "' names a side of the body, and the mean over reflections would mix left and right");
        });
    }

    /**
     * Segments a scan.
     *
     * @param scan as stored: in Hounsfield units for CT, on any grid
     * @return on the scan's grid; the values of the labels are those of {@link ModelLabels}, 0 is the background
     * @throws IllegalArgumentException with a sentence if it is no scan that the model can take, would take more memory
     *     than allowed, or is to be mirrored where {@link #requireNoSides} refuses it
     * @throws CancellationException if it was cancelled
     */
    public Segmentation segment(Channels scan, SegmenterOptions options) {
        if (scan.count() != card.channels()) {
            throw new IllegalArgumentException("the model takes scans of " + card.channels()
                    + (card.channels() == 1 ? " channel" : " channels") + ", this one has " + scan.count());
        }
        if (options.mirror()) {
            requireNoSides();
        }
        int before = Engine.threads();
        Engine.threads(options.threads());
        try {
            return segment(prepared(scan, Math.max(1, options.threads())), options);
        } finally {
            Engine.threads(before);
        }
    }

    /** What goes in, rounded as in training, and the way back; what was before it may be forgotten. */
    private record Input(Channels image, InversePreprocessing back) {}

    private Input prepared(Channels scan, int threads) {
        Prepared prepared = card.preprocessing().prepare(scan, null, threads);
        return new Input(Quantised.of(prepared.image()).toChannels(), prepared.back());
    }

    private Segmentation segment(Input input, SegmenterOptions options) {
        SlidingWindow said = SlidingWindow.of(card);
        double overlap = options.overlap() == null ? said.overlapX() : options.overlap();
        SlidingWindow windows = new SlidingWindow(
                said.roi(),
                overlap,
                overlap,
                overlap,
                options.blend() == null ? said.blend() : options.blend(),
                said.fill());
        BlendedNetwork network = options.mirror() ? blended.mirrored() : blended;
        Long limit = options.maxMemory();
        if (limit == null) {
            StreamedPrediction whole =
                    new StreamedPrediction(windows, input.image.shape().y());
            return segment(input, network, whole, null, options);
        }
        try (Tensor first = measured(windows, input.image, network, options.mirror())) {
            StreamedPrediction strips =
                    new StreamedPrediction(windows, rows(memory(input, windows, network, options), limit));
            return segment(input, network, strips, first, options);
        }
    }

    private PredictionMemory memory(
            Input input, SlidingWindow windows, BlendedNetwork network, SegmenterOptions options) {
        long perVoxel = LABEL
                + (options.probabilities() ? (long) Float.BYTES * card.labels().logits() : 0);
        return new PredictionMemory(
                input.image.shape(),
                windows.roi().x(),
                network.channels(),
                network.type(),
                perVoxel,
                windowBytes(options.mirror())
                        + perVoxel * input.back.stored().shape().voxels());
    }

    private Segmentation segment(
            Input input,
            BlendedNetwork network,
            StreamedPrediction prediction,
            @Nullable Tensor first,
            SegmenterOptions options) {
        Channels image = input.image;
        InversePreprocessing back = input.back;
        Shape3 shape = image.shape();
        ModelLabels labels = card.labels();
        VoxelClasses classes = new VoxelClasses(shape, labels.painted(), labels.regions());
        VoxelProbabilities probabilities =
                options.probabilities() ? new VoxelProbabilities(shape, labels.logits(), labels.regions()) : null;
        prediction.run(
                image,
                network,
                first,
                (x, y, logits) -> {
                    classes.accept(x, y, logits);
                    if (probabilities != null) {
                        probabilities.accept(x, y, logits);
                    }
                },
                (done, of) -> {
                    options.progress().windows(done, of);
                    if (options.cancelled().getAsBoolean()) {
                        throw new CancellationException("cancelled after " + done + " of " + of + " windows");
                    }
                });
        LabelMap found = back.labels(classes.map(image.affine()));
        List<Volume> likely = new ArrayList<>();
        if (probabilities != null) {
            for (Volume one : probabilities.volumes(image.affine())) {
                float outside = likely.isEmpty() && !labels.regions() ? 1 : 0; // of the background
                likely.add(back.values(one, outside));
            }
        }
        return new Segmentation(options.largestComponent() ? LargestComponent.of(found) : found, likely);
    }

    /** The rows of a strip that fit; where the whole scan does not, what nothing uses is given back first. */
    private int rows(PredictionMemory memory, long limit) {
        if (Engine.residentBytes() + memory.bytes(memory.scan().y()) > limit) {
            Engine.releaseUnused();
        }
        return memory.rows(Engine.residentBytes(), limit);
    }

    /**
     * Measures what a window takes on its way through the network, beyond what the allocator kept of one before, where that is not
     * known; with the first window of a scan.
     *
     * @return what {@link StreamedPrediction#first} gave, null if nothing had to be measured
     */
    private synchronized @Nullable Tensor measured(
            SlidingWindow windows, Channels image, BlendedNetwork network, boolean mirror) {
        if (windowBytes.containsKey(mirror)) {
            return null;
        }
        Engine.forgetPeak(); // of what the process did before
        long held = Engine.residentBytes();
        Tensor first = StreamedPrediction.first(windows, image, network);
        long kept = Math.max(0, Engine.residentBytes() - held);
        windowBytes.put(mirror, Math.max(0, Engine.peakResidentBytes() - held - kept));
        return first;
    }

    private synchronized long windowBytes(boolean mirror) {
        return Objects.requireNonNull(windowBytes.get(mirror), "measured before");
    }

    /** Frees the weights; nothing may be in use. */
    @Override
    public void close() {
        blended.close();
        networks.forEach(network -> network.stateDict().values().forEach(Tensor::close));
    }
}
