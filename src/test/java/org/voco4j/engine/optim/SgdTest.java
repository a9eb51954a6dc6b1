package org.voco4j.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

class SgdTest {
    private static final double[] START = {0.5, -1.5, 2};

    private static Tensor weight() {
        return Tensor.of(START.clone(), 3).persist().requireGradient(true);
    }

    /** Down Σ a·x² with a = 1, 2, 3, of which little is left after three steps. */
    private static void train(Tensor x, Optimizer optimizer, int from, int to) {
        Tensor a = Tensor.of(new double[] {1, 2, 3}, 3).to(x.type());
        for (int step = from; step < to; step++) {
            x.square().times(a).sum().times(step < 3 ? 5 : 0.05).backward();
            optimizer.step(0.1 / (step + 1));
            optimizer.clearGradients();
        }
    }

    /** What torch.optim.SGD 2.13 makes of the same: lr halved by the group, momentum 0.9, weight_decay 0.02. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void equalsPyTorchs(boolean nesterov) {
        Tensor x = weight();
        Optimizer optimizer = new Sgd(new Sgd.Settings(0.9, nesterov)).add(Map.of("x", x), 0.5, 0.02);
        train(x, optimizer, 0, 8);
        assertThat(x.toDoubles())
                .containsExactly(
                        nesterov
                                ? new double[] {-0.22506101645265392, -0.16901915026254524, 1.969171862891983}
                                : new double[] {-0.28008394098067524, 1.196837070627964, -0.2353608478306329},
                        within(1e-12));
        assertThat(Objects.requireNonNull(optimizer.state().get("x.momentum_buffer"))
                        .toDoubles())
                .containsExactly(
                        nesterov
                                ? new double[] {1.9097296092728933, 8.017251162395516, -22.052336132557286}
                                : new double[] {4.078233880445413, -5.4053762754432535, -16.498420155906647},
                        within(1e-12));
    }

    @Test
    void aFactorOnTheDecayOfAStepIsAnotherDecay() {
        Tensor whole = weight();
        Tensor half = weight();
        Optimizer of = new Sgd(new Sgd.Settings(0.9, false)).add(Map.of("x", whole), 1, 0.1);
        Optimizer twice = new Sgd(new Sgd.Settings(0.9, false)).add(Map.of("x", half), 1, 0.2);
        whole.square().sum().backward();
        half.square().sum().backward();
        of.step(0.1);
        twice.step(0.1, 0.5);
        assertThat(half.toDoubles()).isEqualTo(whole.toDoubles());
    }

    @Test
    void takenUpAgainEqualsUninterruptedBitForBitAndAWeightWithoutGradientStays() {
        Sgd.Settings settings = new Sgd.Settings(0.99, true);
        Tensor whole = weight().to(DType.F32).detach().persist().requireGradient(true);
        Tensor still = weight();
        train(whole, new Sgd(settings).add(Map.of("x", whole, "still", still), 1, 0.01), 0, 6);
        assertThat(still.toDoubles()).isEqualTo(START);

        Tensor first = weight().to(DType.F32).detach().persist().requireGradient(true);
        Optimizer before = new Sgd(settings).add(Map.of("x", first), 1, 0.01);
        train(first, before, 0, 3);
        Tensor second = first.detach().copy().persist().requireGradient(true);
        Optimizer after = new Sgd(settings).add(Map.of("x", second), 1, 0.01);
        after.load(before.state());
        train(second, after, 3, 6);
        assertThat(second.toDoubles()).isEqualTo(whole.toDoubles());
    }

    @Test
    void itsStateHasTheKeysThatPyTorchWrites() {
        Tensor x = weight();
        Optimizer optimizer = new Sgd(new Sgd.Settings(0.9, true)).add(Map.of("x", x), 1, 0.02);
        Map<String, Object> torch = TorchState.of(optimizer, 0.1);
        assertThat(((Map<?, ?>) Objects.requireNonNull(torch.get("state"))).get(0L))
                .isEqualTo(Map.of("momentum_buffer", optimizer.state().get("x.momentum_buffer")));
        Map<?, ?> group = (Map<?, ?>) ((List<?>) Objects.requireNonNull(torch.get("param_groups"))).get(0);
        assertThat(group.keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder(
                        "lr",
                        "momentum",
                        "dampening",
                        "weight_decay",
                        "nesterov",
                        "maximize",
                        "foreach",
                        "differentiable",
                        "fused",
                        "params");
    }
}
