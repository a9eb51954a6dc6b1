package org.voco4j.pretext.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextScore;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.NtXent;
import org.voco4j.pretext.part.SupervisedContrast;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** NT-Xent as nnssl has it. */
class SimClrTest {
    @ParameterizedTest
    @ValueSource(strings = {"n4", "n2", "n6t", "n1"})
    void lossShareSimilarityAndGradientsAreTheReferences(String pairs) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("simclr");
            Tensor first = expected.tensor(pairs + ".zi").requireGradient(true);
            Tensor second = expected.tensor(pairs + ".zj").requireGradient(true);
            Tensor views = Tensor.concatenate(List.of(first, second), 0);
            Tensor unit = SupervisedContrast.unit(views);
            Tensors.assertClose(
                    unit.matmul(unit.transpose(0, 1)), expected.doubles(pairs + ".similarity"), 1e-9, "similarity");
            List<Tensor> found =
                    NtXent.of(views, expected.tensor(pairs + ".temperature").item());
            assertThat(found.get(0).item())
                    .isCloseTo(expected.tensor(pairs + ".loss").item(), within(1e-9));
            assertThat(found.get(1).item())
                    .isCloseTo(expected.tensor(pairs + ".accuracy").item(), within(1e-9));
            found.get(0).backward();
            Tensors.assertClose(
                    Objects.requireNonNull(first.gradient()), expected.doubles(pairs + ".grad_zi"), 1e-9, "zi");
            Tensors.assertClose(
                    Objects.requireNonNull(second.gradient()), expected.doubles(pairs + ".grad_zj"), 1e-9, "zj");
        }
    }

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=simclr", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    @Test
    void theScoreIsOfOnePairOfEachHeldOutScan() {
        try (Scope scope = Scope.open()) {
            PretextTask task = task("pretext.pairs=2");
            List<HeldOutScan> scans = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                float[] voxels = new float[16 * 16 * 8];
                SplittableRandom random = new SplittableRandom(i);
                for (int v = 0; v < voxels.length; v++) {
                    voxels[v] = (float) random.nextDouble();
                }
                Volume scan = new Volume(new Shape3(16, 16, 8), Affine.identity(), voxels);
                scans.add(new HeldOutScan("scan" + i, "patient" + i, () -> scan));
            }
            PretextScore score = Objects.requireNonNull(task.score(scans));
            assertThat(score.measure()).isEqualTo("partner");
            assertThat(score.controls()).containsKeys("chance", "pixels", "untrained");
            assertThat(score.controls().get("chance")).isEqualTo(0.2);
            assertThat(score.trained()).isEqualTo(score.controls().get("untrained"));
        }
    }

    @Test
    void whatHidesThePlaceIsALikelyCause() {
        List<String> causes = recipe(
                        "pretext.augment.flip=0.5",
                        "pretext.overlap=0.1",
                        "pretext.temperature=0.5",
                        "pretext.augment.noise=[0, 0, 1]",
                        "pretext.augment.blur=[0, 1, 1]",
                        "pretext.augment.multiply=[0, 1, 1]",
                        "pretext.augment.contrast=[0, 1, 1]",
                        "pretext.augment.lowResolution=[0, 1, 1]",
                        "pretext.augment.inverted=[0, 1, 1]",
                        "pretext.augment.gamma=[0, 1, 1]")
                .pretext()
                .chosen()
                .causes(Verdict.NOT_ABOVE_CONTROLS)
                .stream()
                .map(LikelyCause::why)
                .toList();
        assertThat(causes).hasSize(4);
        assertThat(causes.get(0)).contains("flipped");
        assertThat(causes.get(1)).contains("nearly the same voxels");
        assertThat(causes.get(2)).contains("stay as they are");
        assertThat(causes.get(3)).contains("temperature of 0.5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of simclr needs at least 2 pairs, pretext.pairs x batch.volumes, not 1",
                "pretext.projector.layers=1 | pretext.projector needs layers >= 2",
                "pretext.augment.blur=[1, 2] | pretext.augment.blur must be [probability, least, most], not 2 numbers",
                "pretext.augment.flip=2 | a probability must lie in [0, 1], not 2.0",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings)).hasMessageContaining(sentence);
    }
}
