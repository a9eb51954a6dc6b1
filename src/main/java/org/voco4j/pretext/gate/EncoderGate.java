package org.voco4j.pretext.gate;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.augment.Draws;
import org.voco4j.engine.nn.Evaluation;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.measure.feature.FeatureSpread;
import org.voco4j.measure.feature.FrozenProbe;
import org.voco4j.measure.feature.HistogramControl;
import org.voco4j.measure.feature.PixelControl;
import org.voco4j.measure.feature.PositionRetrieval;
import org.voco4j.measure.feature.ScanFeatures;
import org.voco4j.measure.statistics.Interval;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Embedding;
import org.voco4j.pretext.Gate;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.RunFacts;
import org.voco4j.pretext.voco.ContrastViews;
import org.voco4j.pretext.voco.PositionLabels;
import org.voco4j.pretext.voco.PositionLogits;
import org.voco4j.pretext.voco.PositionPrediction;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Whether a network knows where things are in scans it never saw: retrieval, its controls, and the frozen probe.
 *
 * <p>A projected feature depends on its batch, so a batch of evaluation is always the n bases of a scan and 16 crops
 * from a fixed seed, together. The pooled features, which are what is transferred, are measured too, standardised over
 * that same batch (they share a large mean that would hide all angles); they are all there is of a network that projects
 * nothing.
 */
public final class EncoderGate {
    /** K of the evaluation. */
    public static final int CROPS = 16;

    /** What the names of numbers begin with that are of the scans of one stratum, among themselves. */
    public static final String STRATUM = "stratum.";

    private static final long SEED = 20240617;

    private final Geometry geometry;
    private final Device device;
    private final List<HeldOutScan> scans;
    private final Supplier<Embedding> untrained;
    private final FloatBuffer batch; // the views of one scan, used again for every scan and every look
    private @Nullable Controls controls;
    private int chunk = Integer.MAX_VALUE;

    /**
     * Where crops are cut, and what becomes of them.
     *
     * @param volume the size that scans are brought to
     * @param grid bases along each axis
     * @param view the size that a crop is resized to
     */
    public record Geometry(Shape3 volume, Shape3 grid, Shape3 view) {
        int bases() {
            return Math.toIntExact(grid.voxels());
        }
    }

    private record Features(List<ScanFeatures> projected, List<ScanFeatures> pooled, List<double[][]> positions) {}

    private record Controls(Untaught all, Map<String, Untaught> byStratum, double probe) {}

    /**
     * A gate that has not measured yet.
     *
     * @param scans to measure on
     * @param untrained makes the network that nothing was taught
     */
    public EncoderGate(Geometry geometry, Device device, List<HeldOutScan> scans, Supplier<Embedding> untrained) {
        this.geometry = geometry;
        this.device = device;
        this.scans = List.copyOf(scans);
        this.untrained = untrained;
        int values = (CROPS + geometry.bases()) * Math.toIntExact(geometry.view.voxels());
        this.batch = DirectBuffer.floats(values);
    }

    /** From now on so many crops go through an encoder at once. */
    public void chunk(int crops) {
        chunk = crops;
    }

    /** Measures what needs no training; {@link #report} would do so itself when first asked. */
    public void ready() {
        controls();
    }

    /**
     * Measures a network and judges the run.
     *
     * @throws IllegalStateException if the held-out scans are of fewer than two patients
     */
    public GateReport report(Embedding network, RunFacts facts, double[] losses) {
        if (HeldOutScan.patients(scans) < 2) {
            throw new IllegalStateException("the gate compares held-out scans of different patients and needs at least"
                    + " 2 patients, not " + HeldOutScan.patients(scans));
        }
        Untaught known = controls().all;
        Features features = features(network);
        PositionRetrieval trained = PositionRetrieval.of(features.projected, SEED);
        PositionRetrieval pooled = PositionRetrieval.of(features.pooled, SEED);
        FeatureSpread spread = FeatureSpread.of(features.projected);
        FeatureSpread pooledSpread = FeatureSpread.of(features.pooled);
        List<Gate.Control> all = new ArrayList<>(List.of(
                new Gate.Control("an intensity histogram", known.histogram()),
                new Gate.Control("raw pixels", known.pixels())));
        if (network.projects()) {
            all.add(new Gate.Control("the untrained network", known.projected()));
        }
        all.add(new Gate.Control("the untrained network's pooled features", known.pooled()));
        Gate.Judgement judgement =
                Gate.judge(new Gate.Measured(trained, all, spread, network.projects(), losses), facts);

        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("chance", trained.chance());
        numbers.put("histogram", known.histogram().crossScan().top1());
        numbers.put("pixels", known.pixels().crossScan().top1());
        numbers.put("untrained", known.untrained());
        put(numbers, "", trained);
        put(numbers, "pooled.", pooled);
        numbers.put("margin", judgement.margin().mean());
        put(numbers, "margin", judgement.margin().interval(), trained);
        numbers.put("pixels.withinScan", known.pixels().withinScan().top1());
        numbers.put("untrained.withinScan", known.projected().withinScan().top1());
        numbers.put("positionR2", probe(features));
        numbers.put("positionR2.untrained", controls().probe);
        numbers.put("baseCosine", spread.meanAbsCosine());
        numbers.put("deviation", spread.deviation());
        numbers.put("pooled.baseCosine", pooledSpread.meanAbsCosine());
        numbers.put("pooled.deviation", pooledSpread.deviation());
        numbers.put("patients", (double) trained.patients());
        numbers.put("pairs", (double) trained.crossScan().pairs() * CROPS);
        controls().byStratum.forEach((stratum, untaught) -> {
            PositionRetrieval own = PositionRetrieval.of(Untaught.among(features.projected, scans, stratum), SEED);
            String prefix = STRATUM + stratum + ".";
            numbers.put(prefix + "patients", (double) own.patients());
            numbers.put(prefix + "crossScan", own.crossScan().top1());
            put(numbers, prefix + "crossScan", own.crossScan().interval(), own);
            numbers.put(prefix + "pixels", untaught.pixels().crossScan().top1());
            numbers.put(prefix + "untrained", untaught.untrained());
            PositionRetrieval.Margin margin = own.over(untaught.best(), SEED);
            numbers.put(prefix + "margin", margin.mean());
            put(numbers, prefix + "margin", margin.interval(), own);
        });
        return new GateReport(
                judgement.verdict(),
                judgement.finding(),
                judgement.causes().stream()
                        .map(cause -> cause.why() + " " + cause.remedy())
                        .toList(),
                numbers,
                null);
    }

    private static void put(Map<String, Double> numbers, String prefix, PositionRetrieval retrieval) {
        numbers.put(prefix + "crossScan", retrieval.crossScan().top1());
        put(numbers, prefix + "crossScan", retrieval.crossScan().interval(), retrieval);
        numbers.put(prefix + "withinScan", retrieval.withinScan().top1());
        numbers.put(prefix + "withinScan.sharp", retrieval.withinScan().sharp());
        numbers.put(prefix + "rankCorrelation", retrieval.withinScan().rankCorrelation());
        numbers.put(prefix + "crossScan.rankCorrelation", retrieval.crossScan().rankCorrelation());
    }

    /** The ends of an interval, NaN where too few patients are held out for one. */
    private static void put(Map<String, Double> numbers, String of, Interval interval, PositionRetrieval retrieval) {
        numbers.put(of + ".low", retrieval.isMeasurable() ? interval.low() : Double.NaN);
        numbers.put(of + ".high", retrieval.isMeasurable() ? interval.high() : Double.NaN);
    }

    /**
     * The logits of the crops of one held-out scan for the bases of another, or of the same, beside the labels. A crop's
     * feature is made in the batch of its own scan, a base's in that of its own.
     *
     * @param more further crops of the scan {@code from}, which join its batch
     */
    public PositionPrediction predict(
            Embedding network, PositionLogits.Range logit, int from, int against, List<Box> more) {
        Features features = new Features(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        ContrastViews views = views(from).with(more);
        add(features, network, from, views);
        add(features, network, against, from == against ? views : views(against));
        float[][] crops = features.projected.get(0).crops();
        float[][] bases = features.projected.get(1).bases();
        double[][] predicted;
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor p = Rows.toTensor(crops).reshape(1, crops.length, crops[0].length);
            Tensor q = Rows.toTensor(bases).reshape(1, bases.length, bases[0].length);
            double[] flat = PositionLogits.of(p, q, logit, true).toDoubles();
            predicted = new double[crops.length][];
            for (int k = 0; k < crops.length; k++) {
                predicted[k] = Arrays.copyOfRange(flat, k * bases.length, (k + 1) * bases.length);
            }
        }
        double[][] truth = views.randomCrops().stream()
                .map(crop -> PositionLabels.of(crop, views.bases()))
                .toArray(double[][]::new);
        return new PositionPrediction(
                scans.get(from).name(),
                scans.get(against).name(),
                views.randomCrops(),
                views.bases(),
                truth,
                predicted);
    }

    /** What needs no training, measured once. */
    private Controls controls() {
        if (controls == null) {
            List<ScanFeatures> histograms = new ArrayList<>();
            List<ScanFeatures> pixels = new ArrayList<>();
            for (int s = 0; s < scans.size(); s++) {
                ContrastViews views = views(s);
                float[][] cubes = cubes(views, scans.get(s));
                histograms.add(split(
                        s,
                        views,
                        Arrays.stream(cubes).map(HistogramControl::feature).toArray(float[][]::new)));
                pixels.add(split(
                        s,
                        views,
                        Arrays.stream(cubes).map(PixelControl::feature).toArray(float[][]::new)));
            }
            Features fresh = features(untrained.get());
            Untaught.Features untaught = new Untaught.Features(histograms, pixels, fresh.projected, fresh.pooled);
            controls = new Controls(
                    Untaught.of(untaught, scans, null, SEED), Untaught.byStratum(untaught, scans, SEED), probe(fresh));
        }
        return controls;
    }

    private double probe(Features features) {
        return probe(features.pooled, features.positions);
    }

    /** R² of what a linear map reads from pooled features; NaN with fewer than three patients. */
    private double probe(List<ScanFeatures> pooled, List<double[][]> targets) {
        int fitting = Math.min(FrozenProbe.FITTING_SCANS, HeldOutScan.patients(scans) - 1);
        return fitting < 2
                ? Double.NaN
                : FrozenProbe.of(pooled, targets, fitting, FrozenProbe.DRAWS, SEED)
                        .mean();
    }

    /** What a linear map reads about the crops from frozen features, of the untrained network and of this one. */
    public ProbeScores probe(Embedding network, BiFunction<Integer, Box, double[]> target) {
        List<double[][]> targets = new ArrayList<>();
        for (int s = 0; s < scans.size(); s++) {
            int scan = s;
            targets.add(views(s).randomCrops().stream()
                    .map(crop -> target.apply(scan, crop))
                    .toArray(double[][]::new));
        }
        return new ProbeScores(
                probe(features(untrained.get()).pooled, targets), probe(features(network).pooled, targets));
    }

    private ContrastViews views(int scan) {
        return ContrastViews.sample(
                geometry.volume,
                geometry.grid,
                CROPS,
                CropAugmentation.NONE,
                CropAugmentation.NONE,
                Draws.of(SEED).at(scan));
    }

    private float[][] cubes(ContrastViews views, HeldOutScan scan) {
        int values = Math.toIntExact(geometry.view.voxels());
        FloatBuffer buffer = FloatBuffer.allocate(values * (CROPS + geometry.bases()));
        views.fill(scan.volume().get(), geometry.view, buffer);
        float[][] cubes = new float[CROPS + geometry.bases()][];
        for (int k = 0; k < cubes.length; k++) {
            cubes[k] = Arrays.copyOfRange(buffer.array(), k * values, (k + 1) * values);
        }
        return cubes;
    }

    private Features features(Embedding network) {
        Features all = new Features(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int s = 0; s < scans.size(); s++) {
            add(all, network, s, views(s));
        }
        return all;
    }

    /** Adds what a network makes of one scan: its bases and crops go through together. */
    private void add(Features features, Embedding network, int scan, ContrastViews views) {
        Shape3 view = geometry.view;
        int count = views.count();
        FloatBuffer batch =
                count == CROPS + geometry.bases() ? this.batch.clear() : DirectBuffer.floats(count * view.voxels());
        views.fill(scans.get(scan).volume().get(), view, batch);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open();
                Evaluation evaluation = Evaluation.of(network.network())) {
            Tensor cubes =
                    Tensor.wrap(batch, count, 1, view.x(), view.y(), view.z()).to(device);
            Tensor pooled = Chunks.withoutGraph(network::pooled, cubes, chunk); // [V, Σc]
            ScanFeatures plain = split(scan, views, Rows.of(Ops.batchNorm(pooled, 1e-12)));
            features.projected.add(network.projects() ? split(scan, views, Rows.of(network.projected(pooled))) : plain);
            features.pooled.add(plain);
        }
        features.positions.add(positions(views));
    }

    private ScanFeatures split(int scan, ContrastViews views, float[][] rows) {
        return new ScanFeatures(
                scans.get(scan).name(),
                scans.get(scan).patient(),
                Arrays.copyOf(rows, views.randomCrops().size()),
                Arrays.copyOfRange(rows, views.randomCrops().size(), rows.length),
                views.labels());
    }

    /** The centres of the random crops as shares of the volume, along the axes in which they differ: [K][1…3]. */
    private double[][] positions(ContrastViews views) {
        double[][] positions = new double[views.randomCrops().size()][];
        for (int k = 0; k < positions.length; k++) {
            Box box = views.randomCrops().get(k);
            positions[k] = IntStream.range(0, 3)
                    .filter(axis -> geometry.grid.along(axis) > 1)
                    .mapToDouble(axis -> (box.low(axis) + box.high(axis)) / (2.0 * geometry.volume.along(axis)))
                    .toArray();
        }
        return positions;
    }
}
