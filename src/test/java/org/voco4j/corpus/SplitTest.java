package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SplitTest {

    @Test
    void noPatientIsOnBothSidesAndNothingIsLost() {
        for (int n = 2; n < 40; n++) {
            for (int seed = 0; seed < 20; seed++) {
                List<Case> cases = cases(n, 1 + seed % 3);
                Split<Case> split = Split.heldOut(cases, 0.2, seed);
                Set<String> training = patients(split.training());
                Set<String> held = patients(split.heldOut());
                assertThat(training).isNotEmpty().doesNotContainAnyElementsOf(held);
                assertThat(split.heldOut()).hasSizeGreaterThanOrEqualTo(cases.size() >= 4 ? 2 : 1);
                assertThat(split.training().size() + split.heldOut().size()).isEqualTo(cases.size());
                assertThat(held.size()).isBetween((int) Math.max(1, Math.round(n * 0.2)), Math.max(2, (n + 2) / 5));
            }
        }
    }

    @Test
    void theOrderOfTheCasesDoesNotMatterAndTheSeedDoes() {
        List<Case> cases = cases(30, 2);
        List<Case> shuffled = new ArrayList<>(cases);
        Collections.shuffle(shuffled, new Random(1));
        Set<String> held = patients(Split.heldOut(cases, 0.3, 5).heldOut());
        assertThat(patients(Split.heldOut(shuffled, 0.3, 5).heldOut()))
                .isEqualTo(held)
                .hasSize(9);
        Set<Set<String>> splits = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            splits.add(patients(Split.heldOut(cases, 0.3, seed).heldOut()));
        }
        assertThat(splits).hasSize(20);
    }

    @Test
    void oneMorePatientMovesAtMostOne() {
        Set<String> before = patients(Split.heldOut(cases(20, 1), 0.25, 3).heldOut());
        Set<String> after = patients(Split.heldOut(cases(21, 1), 0.25, 3).heldOut());
        before.removeAll(after);
        assertThat(before).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aSinglePatientIsTrainedOn() {
        Split<Case> split = Split.heldOut(cases(1, 3), 0.2, 1);
        assertThat(split.training()).hasSize(3);
        assertThat(split.heldOut()).isEmpty();
    }

    @Test
    void aDeclaredSplitIsWidenedToWholePatients() {
        List<Case> cases = cases(3, 2); // 0a 0b 1a 1b 2a 2b
        DataSet data = new DataSet(cases, Set.of("case-1-0"), List.of(), true, "");
        assertThat(Split.heldOut(data, 0.9, 1).heldOut()).extracting(Case::id).containsExactly("case-1-0", "case-1-1");
        DataSet all = new DataSet(cases, Set.of("case-0-0", "case-1-0", "case-2-1"), List.of(), true, "");
        assertThatThrownBy(() -> Split.heldOut(all, 0.5, 1)).hasMessageContaining("nothing is left to train on");
        assertThatThrownBy(() -> Split.heldOut(cases, 1, 1)).hasMessageContaining("1.0");
    }

    private static List<Case> cases(int patients, int scans) {
        List<Case> cases = new ArrayList<>();
        for (int p = 0; p < patients; p++) {
            for (int s = 0; s < scans; s++) {
                cases.add(new Case("case-" + p + "-" + s, Path.of("x"), "patient " + p));
            }
        }
        return cases;
    }

    private static Set<String> patients(List<Case> cases) {
        return cases.stream().map(Case::patient).collect(Collectors.toCollection(HashSet::new));
    }
}
