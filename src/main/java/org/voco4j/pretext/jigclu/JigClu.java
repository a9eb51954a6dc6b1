package org.voco4j.pretext.jigclu;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.voco4j.augment.IntensityAugmentation;
import org.voco4j.engine.nn.Encoder;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.measure.feature.HistogramControl;
import org.voco4j.network.Chunks;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.network.loss.CrossEntropy;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderTask;
import org.voco4j.pretext.part.EncoderWithHead;
import org.voco4j.pretext.part.Perceptron;
import org.voco4j.pretext.part.PooledCells;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.pretext.part.TopOne;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * Which pieces in montages of many images are of one image, and which part of it do they show?
 *
 * <pre>
 *   L = w·L_clusters + L_places       w = T/0.07, or 1
 *   L_clusters: {@link SupervisedContrast} of z = f/|f|, f = W₂·relu(W₁·p + b₁) + b₂, groups: images
 *   L_places = −mean log softmax(W₃·p + b₃)_c,     p: features of a place of a montage, c: the part that its piece is
 * </pre>
 *
 * <p>Montages mix scans, so they are made of the pieces of a step when its loss is computed, by an order drawn from the step's draws.
 */
public final class JigClu extends EncoderTask<JigClu.Network> {
    static final String CLUSTERS = "clusters";
    static final String PLACES = "places";
    static final String NEAREST = "nearest";
    private static final String PIECES = "pieces"; // [I, m, x, y, z]

    private final JigCluSettings settings;
    private final Pieces pieces;
    private final IntensityAugmentation augmentation;

    /** The encoder, and a head for each question. */
    static final class Network extends EncoderWithHead {
        private final Perceptron cluster;
        private final Linear place;

        Network(Encoder encoder, int features, int places) {
            super(encoder);
            int pooled = PooledLevels.count(encoder);
            cluster = part("jigclu_cluster", new Perceptron(pooled, pooled, features));
            place = part("jigclu_place", new Linear(pooled, places));
        }

        /**
         * The loss.
         *
         * @param places [m·B, Σ c], the features of place p of montage b at p·B + b
         * @param order of the pieces there: part·B + image
         */
        Loss loss(Tensor places, int[] order, JigCluSettings settings) {
            int images = order.length / settings.pieces();
            int[] image = IntStream.of(order).map(piece -> piece % images).toArray();
            Tensor z = SupervisedContrast.unit(cluster.forward(places));
            List<Tensor> contrast = SupervisedContrast.of(z, image, settings.temperature());
            float[] parts = new float[order.length * settings.pieces()];
            for (int i = 0; i < order.length; i++) {
                parts[i * settings.pieces() + order[i] / images] = 1;
            }
            Tensor right = Tensor.of(parts, order.length, settings.pieces())
                    .to(places.type())
                    .to(places.device());
            Tensor told = place.forward(places);
            Tensor clusters = contrast.get(0).times(settings.factor());
            Tensor location = CrossEntropy.of(told, right);
            Map<String, Tensor> watched = new LinkedHashMap<>();
            watched.put(CLUSTERS, clusters);
            watched.put(PLACES, location);
            watched.put(NEAREST, contrast.get(1));
            watched.put("placed", TopOne.share(told, right));
            return new Loss(clusters.plus(location), watched);
        }
    }

    JigClu(JigCluSettings settings, Setup setup) {
        super(setup, encoder -> new Network(encoder, settings.features(), settings.pieces()));
        if (setup.samples() * settings.images() < 2) {
            throw new IllegalArgumentException(
                    "jigclu tells images apart: batch.volumes times pretext.images must be at least 2");
        }
        this.settings = settings;
        pieces = new Pieces(settings.grid(), settings.overlap());
        JigCluSettings.Augment augment = settings.augment();
        augmentation =
                IntensityAugmentation.of(augment.noise(), augment.multiply(), augment.contrast(), augment.gamma());
        requireMapsToCut();
    }

    private void requireMapsToCut() {
        Shape3 view = setup().view();
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(network())) {
            Tensor empty =
                    Tensor.zeros(DType.F32, 1, 1, view.x(), view.y(), view.z()).to(setup().device());
            for (Tensor level : network().encoder().levels(empty)) {
                for (int axis = 0; axis < 3; axis++) {
                    if (level.size(2 + axis) < settings.grid().along(axis)) {
                        throw new IllegalArgumentException("pretext.task: jigclu cuts the encoder's maps into "
                                + settings.grid() + " places, and with crop.size " + setup().crop()
                                + " the coarsest has no more than one voxel: take larger crops");
                    }
                }
            }
        }
    }

    /** The size at which a piece is shown. */
    private Shape3 shown() {
        Shape3 view = setup().view();
        Shape3 grid = settings.grid();
        return new Shape3(view.x() / grid.x(), view.y() / grid.y(), view.z() / grid.z());
    }

    @Override
    public List<Block> blocks() {
        Shape3 size = shown();
        return List.of(new Block(
                PIECES,
                List.of((long) settings.images(), (long) settings.pieces(), (long) size.x(), (long) size.y(), (long)
                        size.z())));
    }

    @Override
    public int views() {
        return settings.images();
    }

    @Override
    public void sample(List<Volume> scans, Sample into) {
        Volume scan = scans.get(0);
        FloatBuffer block = into.block(PIECES);
        float[] values = new float[Math.toIntExact(shown().voxels())];
        for (int i = 0; i < settings.images(); i++) {
            SplittableRandom random = into.draws().at(i).random();
            Box image = RandomCrop.sample(scan.shape(), settings.region(), random);
            for (int piece = 0; piece < settings.pieces(); piece++) {
                Box box = Pieces.part(pieces.of(image, piece), settings.least(), random);
                Resize.trilinear(scan.voxels(), scan.shape(), box, true, shown(), values, 0);
                block.put(augmentation.sample(random).apply(values, shown()));
            }
        }
    }

    /** The pieces of all images, part·B + image: [m·B, x, y, z]. */
    private Tensor pieces(Batch batch) {
        Tensor all = batch.block(PIECES); // [S, I, m, x, y, z]
        Shape3 size = shown();
        return Rearrange.permute(all.reshape(-1, settings.pieces(), size.voxels()), 1, 0, 2)
                .reshape(-1, size.x(), size.y(), size.z());
    }

    /** A permutation of the pieces (Fisher and Yates). */
    private static int[] order(Batch batch, long count) {
        SplittableRandom random = batch.draws().random();
        int[] order = IntStream.range(0, Math.toIntExact(count)).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    @Override
    protected Loss loss(Network network, Batch batch) {
        Tensor all = pieces(batch);
        int[] order = order(batch, all.size(0));
        Chunks maps = chunks(
                crops -> {
                    Tensor cells = PooledCells.of(network.encoder(), crops, settings.grid(), setup().precision());
                    return cells.reshape(cells.size(0), -1);
                },
                Montage.of(all, order, settings.grid()));
        Tensor cells = maps.features(); // [B, m·Σ c]
        Tensor places = Rearrange.permute(cells.reshape(cells.size(0), settings.pieces(), -1), 1, 0, 2);
        Loss loss = network.loss(places.reshape(order.length, -1), order, settings);
        return new Loss(loss.total(), loss.parts(), maps::backward);
    }

    @Override
    protected String measure() {
        return NEAREST;
    }

    /** What histograms of the pieces tell. */
    @Override
    protected Map<String, Double> controls(Batch batch, Supplier<Batch> mean) {
        Tensor all = pieces(batch);
        int count = Math.toIntExact(all.size(0));
        int images = count / settings.pieces();
        float[][] voxels = Rows.of(all.reshape(count, -1));
        float[][] histograms = new float[count][];
        for (int i = 0; i < count; i++) {
            histograms[i] = HistogramControl.feature(voxels[i]);
        }
        int[] image = IntStream.range(0, count).map(piece -> piece % images).toArray();
        Map<String, Double> controls = new LinkedHashMap<>();
        controls.put("chance", (settings.pieces() - 1.0) / (count - 1));
        controls.put(
                "histogram",
                SupervisedContrast.of(Rows.toTensor(histograms), image, 1)
                        .get(1)
                        .item());
        return controls;
    }
}
