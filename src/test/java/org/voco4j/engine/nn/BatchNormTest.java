package org.voco4j.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;

class BatchNormTest {
    private static BatchNorm norm() {
        BatchNorm norm = new BatchNorm(1);
        norm.initialise(1);
        return norm;
    }

    private static double value(Module module, String name) {
        return Objects.requireNonNull(module.stateDict().get(name)).item();
    }

    @Test
    void runningAveragesFollowMeanAndUnbiasedVarianceWhileTraining() {
        BatchNorm norm = norm();
        Tensor x = Tensor.of(new float[] {1, 2, 3, 6}, 2, 1, 1, 1, 2); // mean 3, variance 3.5 biased, 14/3 unbiased
        float[] y = norm.forward(x).toFloats();
        assertThat(y[3]).isCloseTo((float) (3 / Math.sqrt(3.5 + 1e-5)), within(1e-6f));
        assertThat(value(norm, "running_mean")).isCloseTo(0.3, within(1e-7));
        assertThat(value(norm, "running_var")).isCloseTo(0.9 + 0.1 * 14 / 3, within(1e-6));
        assertThat(value(norm, "num_batches_tracked")).isEqualTo(1);
    }

    @Test
    void inEvaluationTheyAreUsedAndStay() {
        BatchNorm norm = norm();
        Tensor x = Tensor.of(new float[] {1, 2, 3, 6}, 2, 1, 1, 1, 2);
        try (Evaluation evaluation = Evaluation.of(norm)) {
            assertThat(norm.forward(x).toFloats()[3]).isCloseTo((float) (6 / Math.sqrt(1 + 1e-5)), within(1e-6f));
        }
        assertThat(norm.isTraining()).isTrue();
        assertThat(value(norm, "running_mean")).isZero();
        assertThat(value(norm, "num_batches_tracked")).isZero();
    }

    @Test
    void buffersAreStateButNothingForTheOptimiser() {
        BatchNorm norm = norm();
        assertThat(norm.weights().keySet()).containsExactly("weight", "bias");
        assertThat(norm.state().keySet())
                .containsExactly("weight", "bias", "running_mean", "running_var", "num_batches_tracked");
        norm.to(Device.CPU, DType.F64);
        assertThat(Objects.requireNonNull(norm.state().get("running_var")).type())
                .isEqualTo(DType.F64);
        assertThat(Objects.requireNonNull(norm.state().get("num_batches_tracked"))
                        .type())
                .isEqualTo(DType.I64);
    }
}
