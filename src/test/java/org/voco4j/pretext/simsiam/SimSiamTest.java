package org.voco4j.pretext.simsiam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.Tensors;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Precision;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.head.PooledLevels;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.TanhBody;
import org.voco4j.pretext.Verdict;
import org.voco4j.pretext.part.pair.Partners;
import org.voco4j.pretext.part.pair.ViewAugmentation;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** SimSiam's loss and a whole step as the authors' code makes them. */
class SimSiamTest {
    private static final double TOLERANCE = 1e-9;

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(List.of("pretext.task=simsiam", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    @Test
    void theLossAndItsGradientsAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("simsiam");
            Tensor p1 = expected.tensor("loss.p1").requireGradient(true);
            Tensor p2 = expected.tensor("loss.p2").requireGradient(true);
            Tensor z1 = expected.tensor("loss.z1").requireGradient(true);
            Tensor loss = SimSiam.loss(p1, p2, z1, expected.tensor("loss.z2"));
            assertThat(loss.item()).isCloseTo(expected.tensor("loss.value").item(), within(TOLERANCE));
            loss.backward();
            equal(p1.gradient(), expected, "loss.grad_p1");
            equal(p2.gradient(), expected, "loss.grad_p2");
            assertThat(z1.gradient() == null).isTrue();
        }
    }

    private static void equal(@Nullable Tensor found, MethodVectors expected, String name) {
        Tensors.assertClose(Objects.requireNonNull(found, name), expected.doubles(name), TOLERANCE, name);
    }

    /** Our names of the reference's weights. */
    private static String published(String weight) {
        return weight.startsWith("projector.")
                ? "encoder.fc." + weight.substring("projector.".length())
                : weight.startsWith("body.") ? "encoder." + weight : weight;
    }

    @Test
    void aStepIsTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("simsiam");
            SimSiamSettings settings =
                    new SimSiamSettings(1, 0.5, 0.2, recipeAugment(), new SimSiamSettings.Projector(8, 6), 4);
            SimSiam.Network network = new SimSiam.Network(new TanhBody(), settings);
            network.to(Device.CPU, DType.F64);
            Map<String, Tensor> weights = network.weights();
            weights.forEach((name, weight) -> weight.copyInPlace(expected.tensor("step." + published(name))));
            Tensor z1 = network.projected(pooled(network, expected.tensor("step.x1")));
            Tensor z2 = network.projected(pooled(network, expected.tensor("step.x2")));
            equal(z1, expected, "step.z1");
            equal(z2, expected, "step.z2");
            Tensor p1 = network.predicted(z1);
            Tensor p2 = network.predicted(z2);
            equal(p1, expected, "step.p1");
            equal(p2, expected, "step.p2");
            assertThat(Partners.spread(z1).item()
                            * expected.tensor("step.spread_isotropic").item())
                    .isCloseTo(expected.tensor("step.spread_z1").item(), within(TOLERANCE));
            Tensor loss = SimSiam.loss(p1, p2, z1, z2);
            assertThat(loss.item()).isCloseTo(expected.tensor("step.loss").item(), within(TOLERANCE));
            loss.backward();
            weights.forEach((name, weight) -> equal(weight.gradient(), expected, "step.grad." + published(name)));
        }
    }

    private static ViewAugmentation recipeAugment() {
        List<Double> never = List.of(0.0, 1.0, 1.0);
        return new ViewAugmentation(0, 0, never, never, never, never, never, never, never, never);
    }

    private static Tensor pooled(SimSiam.Network network, Tensor x) {
        return PooledLevels.of(network.encoder(), x.reshape(-1, 12, 1, 1, 1), Precision.FP32);
    }

    @Test
    void featuresThatFallTogetherHaveACause() {
        assertThat(recipe().pretext().chosen().causes(Verdict.COLLAPSED).stream()
                        .map(LikelyCause::why))
                .anyMatch(why -> why.contains("its batch norms alone"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of simsiam needs at least 2 pairs",
                "pretext.area=0 | pretext.area must lie in (0, 1], not 0.0",
                "pretext.predictor=0 | pretext.predictor must be at least 1, not 0",
                "pretext.projector.out=1 | pretext.projector needs hidden >= 1 and out >= 2",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings)).hasMessageContaining(sentence);
    }
}
