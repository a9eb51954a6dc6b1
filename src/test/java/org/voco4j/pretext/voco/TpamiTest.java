package org.voco4j.pretext.voco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.augment.Draws;
import org.voco4j.engine.nn.LoadReport;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.ContrastNetwork;
import org.voco4j.network.head.ProjectionHead;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.OneMap;
import org.voco4j.pretext.Verdict;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Shape3;

/** Variant tpami as the authors' later code computes it, number by number. */
class TpamiTest {
    private static final double TOLERANCE = 1e-9;
    private static final int BASES = 9;
    private static final int FEATURES = 10;

    /** An encoder whose features are the crop's own numbers. */
    private static final class Given extends OneMap {
        Given() {
            super(FEATURES);
        }

        @Override
        public List<Tensor> levels(Tensor x) {
            return List.of(x.reshape(x.size(0), FEATURES, 1, 1, 1));
        }
    }

    private static VoCoOptions options(int crops) {
        return PlainOptions.of(Variant.TPAMI, new Shape3(6, 6, 2), new Shape3(3, 3, 1), crops, 2);
    }

    private static double[] gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient()).toDoubles();
    }

    /** [K, D] and [n, D] → [1, K + n, D]. */
    private static Tensor one(Tensor crops, Tensor bases) {
        return Tensor.concatenate(List.of(crops, bases), 0).reshape(1, -1, crops.size(1));
    }

    @Test
    void predictionAndRegulariserAreTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-tpami");
            Tensor p = expected.tensor("parts.feats").copy().requireGradient(true);
            Tensor q = expected.tensor("parts.bases").copy().requireGradient(true);
            Tensor logits = PositionLogits.of(p.reshape(1, 3, 8), q.reshape(1, 9, 8), Variant.TPAMI.logit, false);
            Tensors.assertClose(logits, expected.doubles("parts.logits"), TOLERANCE, "logits");
            Tensor labels = expected.tensor("parts.labels").reshape(1, 3, 9);
            Tensor loss = Variant.TPAMI.prediction.of(labels, logits, PredictionLoss.EPSILON);
            assertThat(loss.item()).isCloseTo(expected.doubles("parts.ce")[0], within(TOLERANCE));
            loss.backward();
            assertThat(gradient(p)).containsExactly(expected.doubles("parts.grad_feats"), within(TOLERANCE));
            assertThat(gradient(q)).containsExactly(expected.doubles("parts.grad_bases"), within(TOLERANCE));

            Tensor bases = expected.tensor("parts.bases").copy().requireGradient(true);
            Tensor regularization = Variant.TPAMI.regularizer.of(bases.reshape(1, 9, 8));
            assertThat(regularization.item()).isCloseTo(expected.doubles("parts.regularization")[0], within(TOLERANCE));
            regularization.backward();
            assertThat(gradient(bases))
                    .containsExactly(expected.doubles("parts.grad_bases_of_regularization"), within(TOLERANCE));
        }
    }

    @Test
    void theTermBetweenVolumesIsTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-tpami");
            Tensor p = expected.tensor("inter.crops_student").copy().requireGradient(true);
            Tensor q = expected.tensor("inter.bases_student").copy().requireGradient(true);
            Loss loss = new ContrastLoss(options(3))
                    .of(
                            expected.tensor("parts.labels").reshape(1, 3, BASES),
                            one(p, q),
                            one(expected.tensor("inter.crops_teacher"), expected.tensor("inter.bases_teacher")));
            Tensor between = Objects.requireNonNull(loss.parts().get("interVolume"));
            assertThat(between.item()).isCloseTo(expected.doubles("inter.loss")[0], within(TOLERANCE));
            between.backward();
            assertThat(gradient(p)).containsExactly(expected.doubles("inter.grad_crops"), within(TOLERANCE));
            assertThat(gradient(q)).containsExactly(expected.doubles("inter.grad_bases"), within(TOLERANCE));
        }
    }

    /** Rows of crops, volume by volume, and of bases → those of each volume together, [B, K + n, …]. */
    private static Tensor byVolume(Tensor crops, Tensor bases, int volumes) {
        long k = crops.size(0) / volumes;
        List<Tensor> rows = new ArrayList<>();
        for (int v = 0; v < volumes; v++) {
            rows.add(crops.narrow(0, v * k, k));
            rows.add(bases.narrow(0, (long) v * BASES, BASES));
        }
        return Tensor.concatenate(rows, 0);
    }

    @ParameterizedTest
    @CsvSource({"step, 2, 100", "step, 2, 5", "step_one_volume, 1, 100"})
    void aStepIsTheReleasedCodes(String name, int volumes, int chunk) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-tpami");
            VoCo task = new VoCo(
                    options(2),
                    () -> ContrastNetwork.withTeacher(new Given(), 7, 6, ProjectionHead.Norm.HIDDEN, Precision.FP32),
                    1,
                    Device.CPU);
            Map<String, Tensor> state = task.state();
            state.forEach((weight, tensor) -> {
                tensor.convertInPlace(Device.CPU, DType.F64);
                tensor.copyInPlace(expected.tensor(name + "." + weight.replace("teacher.", "teacher_before.")));
                tensor.requireGradient(weight.startsWith("student."));
            });
            Tensor views = byVolume(
                            expected.tensor(name + ".features_crops"),
                            expected.tensor(name + ".features_bases"),
                            volumes)
                    .reshape(volumes, 2 + BASES, FEATURES, 1, 1)
                    .requireGradient(true);
            Tensor all = expected.tensor(name + ".row_factors");
            Tensor factors = byVolume(
                    all.narrow(0, 0, 2L * volumes), all.narrow(0, 2L * volumes, (long) BASES * volumes), volumes);
            task.chunk(chunk);
            Loss loss = task.loss(views, expected.tensor(name + ".labels"), features -> features.times(factors));
            assertThat(loss.total().item()).isCloseTo(expected.doubles(name + ".loss")[0], within(TOLERANCE));
            loss.backward();
            double[] features = byVolume(
                            expected.tensor(name + ".grad_features_crops"),
                            expected.tensor(name + ".grad_features_bases"),
                            volumes)
                    .toDoubles();
            assertThat(gradient(views)).containsExactly(features, within(TOLERANCE));
            state.forEach((weight, tensor) -> {
                if (weight.startsWith("teacher.")) {
                    String after = name + "." + weight.replace("teacher.", "teacher_after.");
                    Tensors.assertClose(tensor, expected.doubles(after), TOLERANCE, weight);
                    assertThat(tensor.gradient()).as(weight).isNull();
                } else {
                    Tensors.assertClose(
                            Objects.requireNonNull(tensor.gradient()),
                            expected.doubles(name + ".grad." + weight),
                            TOLERANCE,
                            weight);
                }
            });
        }
    }

    @Test
    void labelsAreTheReleasedCodes() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("voco-tpami");
            int[] centres = expected.ints("labels.centres");
            double[] overlap = expected.doubles("labels.overlap");
            for (int i = 0; i < centres.length / 2; i++) {
                double[] labels = PositionLabels.of(
                        centres[2 * i],
                        centres[2 * i + 1],
                        32,
                        Shape3.cube(64),
                        BaseCrops.of(new Shape3(192, 192, 64), new Shape3(3, 3, 1)));
                assertThat(labels)
                        .containsExactly(Arrays.copyOfRange(overlap, i * BASES, (i + 1) * BASES), within(TOLERANCE));
            }
        }
    }

    /** What became of a row of ones. */
    private static List<List<Double>> rows(double[] values, int columns) {
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < values.length; i += columns) {
            rows.add(Arrays.stream(values, i, i + columns).distinct().boxed().toList());
        }
        return rows;
    }

    @Test
    void wholeRowsAreDroppedAsInTheReleasedCode() throws IOException {
        try (Scope scope = Scope.open()) {
            double[] released = MethodVectors.of("voco-tpami").doubles("dropout.example"); // of ones [20, 6]
            float[] ones = new float[400 * 6];
            Arrays.fill(ones, 1);
            double[] ours =
                    FeatureDropout.ROWS.of(Tensor.of(ones, 400, 6), Draws.of(3)).toDoubles();
            assertThat(rows(ours, 6)).hasSameElementsAs(rows(released, 6)).contains(List.of(0.0), List.of(1.25));
            assertThat(Arrays.stream(ours).average().orElseThrow()).isCloseTo(1, within(0.1));
            double[] single = FeatureDropout.FEATURES
                    .of(Tensor.of(ones, 400, 6), Draws.of(3))
                    .toDoubles();
            assertThat(rows(single, 6)).anyMatch(row -> row.size() == 2);
            assertThat(Arrays.stream(single).filter(value -> value == 0).count() / 2400.0)
                    .isCloseTo(0.2, within(0.03));
        }
    }

    @ParameterizedTest
    @EnumSource(FeatureDropout.class)
    void whatIsDroppedDependsOnTheDrawsAlone(FeatureDropout dropout) {
        try (Scope scope = Scope.open()) {
            float[] ones = new float[60];
            Arrays.fill(ones, 1);
            Tensor features = Tensor.of(ones, 10, 6);
            assertThat(dropout.of(features, Draws.of(5)).toFloats())
                    .isEqualTo(dropout.of(features, Draws.of(5)).toFloats());
        }
    }

    @Test
    void oneVolumeIsNothingToCompare() {
        PretrainRecipe alone = RecipeTree.load("pretrain", null, List.of("pretext.variant=tpami"))
                .bind(PretrainRecipe.class);
        assertThatThrownBy(() -> alone.pretext().chosen().task(alone.setup(Device.CPU)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch.volumes must be at least 2 with pretext.interVolume, not 1:"
                        + " one volume would be compared with itself");
        PretrainRecipe within = RecipeTree.load(
                        "pretrain", null, List.of("pretext.variant=tpami", "pretext.interVolume=false"))
                .bind(PretrainRecipe.class);
        assertThat(within.pretext().chosen().task(within.setup(Device.CPU)).state())
                .containsKeys("student.layer1.0.weight", "teacher.layer3.0.bias", "backbone.conv_0.conv_0.conv.weight");
    }

    @ParameterizedTest
    @CsvSource({
        "COLLAPSED, pretext.interVolume=true, pretext.interVolume=false",
        "NOT_ABOVE_CONTROLS, pretext.window=random, pretext.window=whole",
        "FLAT_LOSS, pretext.featureDropout=features, pretext.featureDropout=rows"
    })
    void whatItsPageWarnsOfIsNamed(Verdict verdict, String key, String remedy) {
        PretrainRecipe recipe =
                RecipeTree.load("pretrain", "tpami-tiny", List.of(key)).bind(PretrainRecipe.class);
        assertThat(recipe.pretext().chosen().causes(verdict))
                .extracting(LikelyCause::remedy)
                .anyMatch(words -> words.contains(remedy));
        PretrainRecipe paper = RecipeTree.load("pretrain", "tiny", List.of()).bind(PretrainRecipe.class);
        assertThat(paper.pretext().chosen().causes(verdict))
                .extracting(LikelyCause::remedy)
                .noneMatch(words -> words.contains(remedy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "module."})
    void publishedWeightsLoadByName(String front, @TempDir Path folder) throws IOException {
        try (Scope scope = Scope.open()) {
            VoCo task = new VoCo(
                    PlainOptions.of(Variant.TPAMI, new Shape3(64, 64, 32), new Shape3(2, 2, 1), 2, 64),
                    () -> ContrastNetwork.withTeacher(
                            new SwinUnetrEncoder(3, 1, 3, SwinVersion.V2, PatchMerging.Order.MERGING),
                            8,
                            8,
                            ProjectionHead.Norm.HIDDEN,
                            Precision.FP32),
                    1,
                    Device.CPU);
            Map<String, Tensor> published = new LinkedHashMap<>();
            task.state()
                    .forEach((name, tensor) -> published.put(front + name, Tensors.hashNumbers(name, tensor.shape())));
            assertThat(published)
                    .containsKeys(
                            front + "backbone.swinViT.patch_embed.proj.weight",
                            front + "backbone.encoder10.layer.conv1.conv.weight",
                            front + "student.layer1.0.weight",
                            front + "teacher.layer3.0.bias");
            Path file = folder.resolve("VoCo_B_SSL_head.pt");
            TorchFile.write(file, Map.of("state_dict", published));
            LoadReport report = task.initialise(PretrainedWeights.read(file).tensors());
            assertThat(report.unused()).isEmpty();
            assertThat(report.notInFile()).isEmpty();
            task.state()
                    .forEach((name, tensor) -> assertThat(tensor.toFloats())
                            .as(name)
                            .isEqualTo(Tensors.hashNumbers(name, tensor.shape()).toFloats()));
        }
    }
}
