package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.augment.Draws;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.FeatureNorm;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.network.unet.UNetEncoder;
import org.voco4j.network.unet.UNetForm;
import org.voco4j.pretext.GateReport;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.RunFacts;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.gate.EncoderGate;
import org.voco4j.pretext.gate.ProbeScores;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

class VoCoTest {
    private static final Shape3 SIZE = new Shape3(32, 32, 16);

    private static VoCoOptions options(Variant variant, Shape3 grid, boolean copies) {
        return new VoCoOptions(
                SIZE,
                grid,
                3,
                8,
                new CropAugmentation(0.5, 0.5, 0.5, 0.1),
                true,
                variant.logit,
                variant.prediction,
                variant.regularizer,
                0.5,
                variant.stopGradient,
                variant.teacher,
                variant.teacherSide,
                0.9,
                copies,
                false,
                variant.interVolume,
                variant.featureDropout,
                ViewWindow.WHOLE);
    }

    private static Supplier<ContrastNetwork> networks(ProjectionHead.Norm norm) {
        return () -> new ContrastNetwork(
                new UNetEncoder(3, 1, List.of(4, 8), UNetForm.LIGHT, FeatureNorm.INSTANCE), 16, 16, norm);
    }

    private static VoCo task(VoCoOptions options) {
        Supplier<ContrastNetwork> networks = () -> ContrastNetwork.withTeacher(
                new UNetEncoder(3, 1, List.of(4, 8), UNetForm.LIGHT, FeatureNorm.INSTANCE),
                16,
                16,
                ProjectionHead.Norm.BATCH,
                Precision.FP32);
        return new VoCo(
                options,
                options.teacher() == Teacher.PROJECTOR ? networks : networks(ProjectionHead.Norm.BATCH),
                1,
                Device.CPU);
    }

    private static Volume scan(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) SIZE.voxels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return new Volume(SIZE, Affine.identity(), values);
    }

    private static Loss loss(VoCo task, int scans) {
        float[] views = new float[scans * DrawnSample.values(task)];
        float[] targets = new float[scans * DrawnSample.labels(task)];
        for (int s = 0; s < scans; s++) {
            FloatBuffer own = FloatBuffer.wrap(views);
            own.position(s * DrawnSample.values(task));
            DrawnSample.fill(task, scan(s), Draws.of(9).at(s), own, targets, s * DrawnSample.labels(task));
            assertThat(own.position()).isEqualTo((s + 1) * DrawnSample.values(task));
        }
        int e = 8;
        return task.loss(
                Tensor.of(views, scans, task.views(), e, e, e),
                Tensor.of(targets, scans, DrawnSample.labels(task)),
                UnaryOperator.identity());
    }

    @Test
    void theLossIsPredictionPlusLambdaTimesRegularisation() {
        for (Variant variant : Variant.values()) {
            Loss loss = loss(task(options(variant, new Shape3(2, 2, 2), false)), 2);
            double prediction = part(loss, "prediction");
            double regularization = part(loss, "regularization");
            double between = variant.interVolume ? part(loss, "interVolume") : 0;
            assertThat(loss.total().item()).isCloseTo(prediction + 0.5 * regularization + between, within(1e-6));
            assertThat(part(loss, "trivialPrediction")).isPositive();
            assertThat(part(loss, "deadPositives")).isBetween(0.0, 1.0);
        }
    }

    private static double part(Loss loss, String name) {
        Tensor part = loss.parts().get(name);
        assertThat(part).as(name).isNotNull();
        return part == null ? Double.NaN : part.item();
    }

    @Test
    void targetsAreTheLabelsOfTheDrawnCropsAndSumToOne() {
        VoCo task = task(options(Variant.PAPER, new Shape3(3, 2, 2), false));
        float[] targets = new float[DrawnSample.labels(task)];
        DrawnSample.fill(task, scan(1), Draws.of(4), FloatBuffer.allocate(DrawnSample.values(task)), targets, 0);
        for (int k = 0; k < 3; k++) {
            float sum = 0;
            for (int i = 0; i < 12; i++) {
                sum += targets[k * 12 + i];
            }
            assertThat(sum).isCloseTo(1, within(1e-5f));
        }
    }

    @Test
    void theSameDrawsGiveTheSameViews() {
        VoCo task = task(options(Variant.PAPER, new Shape3(2, 2, 1), false));
        FloatBuffer first = FloatBuffer.allocate(DrawnSample.values(task));
        FloatBuffer second = FloatBuffer.allocate(DrawnSample.values(task));
        FloatBuffer other = FloatBuffer.allocate(DrawnSample.values(task));
        DrawnSample.fill(task, scan(1), Draws.of(4), first, new float[12], 0);
        DrawnSample.fill(task, scan(1), Draws.of(4), second, new float[12], 0);
        DrawnSample.fill(task, scan(1), Draws.of(5), other, new float[12], 0);
        assertThat(first.array()).isEqualTo(second.array()).isNotEqualTo(other.array());
    }

    @Test
    void theTeacherFollowsTheStudentByItsMomentum() {
        VoCo task = task(options(Variant.OFFICIAL, new Shape3(2, 2, 1), false));
        String name = "down_1.convs.conv_0.conv.weight";
        double[] student = values(task, "student." + name);
        double[] before = values(task, "teacher." + name);
        assertThat(before).as("independent start").isNotEqualTo(student);
        loss(task, 1);
        double[] after = values(task, "teacher." + name);
        for (int i = 0; i < after.length; i++) {
            assertThat(after[i]).isCloseTo(0.9 * before[i] + 0.1 * student[i], within(1e-7));
        }
        VoCo copied = task(options(Variant.OFFICIAL, new Shape3(2, 2, 1), true));
        assertThat(values(copied, "teacher." + name)).isEqualTo(values(copied, "student." + name));
    }

    private static double[] values(VoCo task, String name) {
        Tensor tensor = task.state().get(name);
        assertThat(tensor).as(name).isNotNull();
        return tensor == null ? new double[0] : tensor.toDoubles();
    }

    @Test
    void onlyTheStudentLearns() {
        VoCo task = task(options(Variant.OFFICIAL, new Shape3(2, 2, 1), false));
        try (Scope scope = Scope.open()) {
            loss(task, 1).total().backward();
        }
        task.state()
                .forEach((name, tensor) ->
                        assertThat(tensor.gradient() == null).as(name).isEqualTo(name.startsWith("teacher.")));
        assertThat(task.trainable().get(0).weights())
                .containsOnlyKeys(task.export().keySet());
    }

    private static EncoderGate gate(List<HeldOutScan> heldOut, VoCo task) {
        return new EncoderGate(
                new EncoderGate.Geometry(SIZE, new Shape3(2, 2, 1), Shape3.cube(8)),
                Device.CPU,
                heldOut,
                task::untrained);
    }

    @Test
    void theGateMeasuresEveryNumberAndFindsNothingInAnUntrainedNetwork() {
        List<HeldOutScan> heldOut = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long seed = i;
            heldOut.add(new HeldOutScan("scan-" + i, "patient-" + i, () -> scan(seed)));
        }
        VoCo task = new VoCo(
                options(Variant.PAPER, new Shape3(2, 2, 1), false), networks(ProjectionHead.Norm.BATCH), 1, Device.CPU);
        EncoderGate gate = gate(heldOut, task);
        GateReport report = gate.report(
                task.embedding(), new RunFacts(1e-3, true, 500, 4, 100, verdict -> List.of()), new double[] {1, 1});
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_ABOVE_CONTROLS);
        assertThat(report.causes()).isNotEmpty();
        Map<String, Double> n = new HashMap<>(report.numbers());
        assertThat(n.get("chance")).isBetween(0.25, 0.35);
        assertThat(n.get("crossScan")).isBetween(0.05, 0.6); // noise has no anatomy
        assertThat(n.get("pairs")).isEqualTo(4 * 3 * 16);
        assertThat(n).containsKeys("pixels", "histogram", "untrained", "positionR2", "baseCosine", "deviation");
        ProbeScores position = gate.probe(
                task.embedding(), (scan, crop) -> new double[] {crop.x0() + crop.x1(), crop.y0() + crop.y1()});
        assertThat(position.trained()).isCloseTo(n.getOrDefault("positionR2", Double.NaN), within(1e-9));
        assertThat(position.untrained()).isCloseTo(n.getOrDefault("positionR2.untrained", Double.NaN), within(1e-9));
        PositionPrediction prediction = gate.predict(task.embedding(), Variant.PAPER.logit, 0, 1, List.of());
        assertThat(prediction.predicted()).hasNumberOfRows(16);
        assertThat(prediction.predicted()[0]).hasSize(4);
    }

    @Test
    void aFurtherCropIsPredictedWithTheOthersAndABaseIsLikeItself() {
        VoCo task = new VoCo(
                options(Variant.PAPER, new Shape3(2, 2, 1), false), networks(ProjectionHead.Norm.BATCH), 1, Device.CPU);
        EncoderGate gate =
                gate(List.of(new HeldOutScan("a", "a", () -> scan(1)), new HeldOutScan("b", "b", () -> scan(2))), task);
        Box base = BaseCrops.of(SIZE, new Shape3(2, 2, 1)).get(2);
        PositionPrediction within = gate.predict(task.embedding(), Variant.PAPER.logit, 0, 0, List.of(base));
        assertThat(within.crops())
                .hasSize(17)
                .startsWith(gate.predict(task.embedding(), Variant.PAPER.logit, 0, 0, List.of())
                        .crops()
                        .toArray(Box[]::new));
        assertThat(within.truth()[16]).containsExactly(0, 0, 1, 0);
        assertThat(within.predicted()[16][2]).isCloseTo(1, within(1e-5));
        PositionPrediction across = gate.predict(task.embedding(), Variant.PAPER.logit, 0, 1, List.of(base));
        assertThat(across.truth()).isDeepEqualTo(within.truth());
        assertThat(across.predicted()[16][2]).isLessThan(1 - 1e-3);
    }

    @Test
    void scansOfAStratumAreMeasuredAmongThemselves() {
        VoCo task = new VoCo(
                options(Variant.PAPER, new Shape3(2, 2, 1), false), networks(ProjectionHead.Norm.BATCH), 1, Device.CPU);
        List<HeldOutScan> scans = List.of(
                new HeldOutScan("a", "a", "chest", () -> scan(1)),
                new HeldOutScan("b", "b", "chest", () -> scan(2)),
                new HeldOutScan("c", "c", "abdomen", () -> scan(3)),
                new HeldOutScan("d", "d", "abdomen", () -> scan(4)),
                new HeldOutScan("e", "e", "head", () -> scan(5)),
                new HeldOutScan("f", "f", () -> scan(6)));
        Map<String, Double> all = numbers(gate(scans, task), task);
        Map<String, Double> chest = numbers(gate(scans.subList(0, 2), task), task);
        assertThat(chest.keySet()).noneMatch(key -> key.startsWith(EncoderGate.STRATUM));
        for (String number : List.of("patients", "crossScan", "pixels", "untrained")) {
            assertThat(all.get("stratum.chest." + number)).as(number).isEqualTo(chest.get(number));
        }
        assertThat(all.get("stratum.abdomen.patients")).isEqualTo(2.0);
        assertThat(all.keySet()).noneMatch(key -> key.startsWith("stratum.head"));
    }

    private static Map<String, Double> numbers(EncoderGate gate, VoCo task) {
        return gate.report(task.embedding(), new RunFacts(1e-3, true, 500, 4, 100, verdict -> List.of()), new double[] {
                    1, 1
                })
                .numbers();
    }

    @Test
    void aCropTooSmallForTheEncoderIsRefused() {
        VoCoOptions paper = options(Variant.PAPER, new Shape3(2, 2, 1), false);
        Supplier<ContrastNetwork> deep = () -> new ContrastNetwork(
                new UNetEncoder(3, 1, List.of(2, 2, 2, 2), UNetForm.LIGHT, FeatureNorm.INSTANCE),
                4,
                4,
                ProjectionHead.Norm.BATCH);
        assertThatThrownBy(() -> new VoCo(paper, deep, 1, Device.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("crop.size must be at least 16");
    }
}
