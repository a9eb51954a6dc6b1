package org.voco4j.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.engine.tensor.KernelCases.Case;
import org.voco4j.engine.tensor.KernelCases.Function;
import org.voco4j.engine.tensor.KernelCheck.Outcome;
import org.voco4j.engine.tensor.KernelCheck.Row;

/** The check passes what is right, and tells what is wrong and used from what is wrong and avoided. */
class KernelCheckTest {
    private static final Function RIGHT = inputs -> inputs.get(0).square();

    private static List<Outcome> outcomes(Function used, Function kernel) {
        Case square = new Case("square", List.of(new long[] {3, 50}), true, false, used, kernel);
        try (Scope scope = Scope.open()) {
            return KernelCheck.rows(square, Device.CPU).stream()
                    .map(Row::outcome)
                    .toList();
        }
    }

    /** The function in 16 bits is something else. */
    private static Function half(Function wrong) {
        return inputs -> (inputs.get(0).type() == DType.BF16 ? wrong : RIGHT).of(inputs);
    }

    @Test
    void everythingThatIsUsedHereIsRight() {
        List<Row> rows = KernelCheck.run(Device.CPU);
        assertThat(rows).filteredOn(row -> row.outcome() == Outcome.WRONG).isEmpty();
        assertThat(rows.stream().map(Row::precision)).contains(Precision.FP32, Precision.BF16);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.05, 0, Double.NaN})
    void aWrongResultIsFound(double factor) {
        Function wrong = half(inputs -> RIGHT.of(inputs).times(factor));
        assertThat(outcomes(wrong, wrong)).containsExactly(Outcome.PASSED, Outcome.WRONG);
        assertThat(outcomes(RIGHT, wrong)).containsExactly(Outcome.PASSED, Outcome.AVOIDED);
        assertThat(outcomes(RIGHT, RIGHT)).containsExactly(Outcome.PASSED, Outcome.PASSED);
    }

    @Test
    void aWrongGradientOfARightResultIsFound() {
        Function wrong = half(inputs ->
                RIGHT.of(List.of(inputs.get(0).detach())).plus(inputs.get(0).times(1e-6)));
        assertThat(outcomes(wrong, wrong)).containsExactly(Outcome.PASSED, Outcome.WRONG);
    }

    @Test
    void whatIsWrongIn32BitsIsFound() {
        Function wrong = inputs -> {
            Tensor y = RIGHT.of(inputs);
            return y.type() == DType.F64 ? y : y.times(1.0001);
        };
        assertThat(outcomes(wrong, wrong)).containsExactly(Outcome.WRONG, Outcome.PASSED);
    }
}
