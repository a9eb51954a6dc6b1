package org.voco4j.program.fewlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.voco4j.recipe.UsageException;

class ComparedCasesTest {
    private static final double NONE = Double.NaN;

    /** A fine-tune with the Dice of one class on each scan. */
    private static FewLabelsResult result(double... dice) {
        List<String> scans = List.of("a1", "b1", "a2", "c1").subList(0, dice.length);
        List<List<Double>> rows = Arrays.stream(dice).mapToObj(List::of).toList();
        return new FewLabelsResult("", "arm", new Arm.Rates(1, 1), List.of(), 0, scans, rows, List.of(), List.of(), 0);
    }

    private static ComparedCases cases(FewLabelsResult... results) {
        return ComparedCases.of(results[0].scans(), name -> name.substring(0, 1), List.of(results));
    }

    @Test
    void scansOfOnePatientAreOneCase() {
        ComparedCases cases = cases(result(0.2, 0.5, 0.4, 0.9), result(0, 0, 0, 0));
        assertThat(cases.of(new double[] {0.2, 0.5, 0.4, 0.9}))
                .containsExactly(new double[] {0.3, 0.5, 0.9}, Offset.offset(1e-12));
        assertThat(cases.count()).isEqualTo(4);
        assertThat(cases.leftOut()).isEmpty();
    }

    @Test
    void whatOneHasNoDiceOfIsLeftOutOfAll() {
        ComparedCases cases = cases(result(0.2, 0.5, 0.4, NONE), result(0.1, 0.1, NONE, 0.1));
        assertThat(cases.leftOut()).containsExactly("a2", "c1");
        assertThat(cases.of(new double[] {0.2, 0.5, 0.4, NONE})).containsExactly(0.2, 0.5);
        assertThat(cases.count()).isEqualTo(2);
        assertThatThrownBy(() -> cases(result(0.1, NONE), result(NONE, 0.1)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("tested: of every unseen scan some fine-tune has no Dice");
    }
}
