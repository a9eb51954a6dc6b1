package org.voco4j.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
                Split<Case> split = Split.heldOut(cases, 0.2, seed, Map.of());
                Set<String> training = patients(split.training());
                Set<String> held = patients(split.heldOut());
                assertThat(training).isNotEmpty().doesNotContainAnyElementsOf(held);
                assertThat(held).hasSizeGreaterThanOrEqualTo(n >= 4 ? 2 : 1);
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
        Set<String> held = patients(Split.heldOut(cases, 0.3, 5, Map.of()).heldOut());
        assertThat(patients(Split.heldOut(shuffled, 0.3, 5, Map.of()).heldOut()))
                .isEqualTo(held)
                .hasSize(9);
        Set<Set<String>> splits = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            splits.add(patients(Split.heldOut(cases, 0.3, seed, Map.of()).heldOut()));
        }
        assertThat(splits).hasSize(20);
    }

    @Test
    void oneMorePatientMovesAtMostOne() {
        Set<String> before =
                patients(Split.heldOut(cases(20, 1), 0.25, 3, Map.of()).heldOut());
        Set<String> after =
                patients(Split.heldOut(cases(21, 1), 0.25, 3, Map.of()).heldOut());
        before.removeAll(after);
        assertThat(before).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aSinglePatientIsTrainedOn() {
        Split<Case> split = Split.heldOut(cases(1, 3), 0.2, 1, Map.of());
        assertThat(split.training()).hasSize(3);
        assertThat(split.heldOut()).isEmpty();
    }

    @Test
    void aDeclaredSplitIsWidenedToWholePatients() {
        List<Case> cases = cases(3, 2); // 0a 0b 1a 1b 2a 2b
        DataSet data = new DataSet(cases, Set.of("case-1-0"), List.of(), true, Map.of(), "");
        assertThat(Split.heldOut(data, 0.9, 1).heldOut()).extracting(Case::id).containsExactly("case-1-0", "case-1-1");
        DataSet all = new DataSet(cases, Set.of("case-0-0", "case-1-0", "case-2-1"), List.of(), true, Map.of(), "");
        assertThatThrownBy(() -> Split.heldOut(all, 0.5, 1)).hasMessageContaining("nothing is left to train on");
        assertThatThrownBy(() -> Split.heldOut(cases, 1, 1, Map.of())).hasMessageContaining("1.0");
    }

    @Test
    void ofEveryStratumTheSameShareIsHeldOut() {
        List<Case> cases = cases(60, 2);
        Map<String, String> strata = sixths(cases); // 10 patients of "a", 50 of "b"
        for (int seed = 0; seed < 20; seed++) {
            Split<Case> split = Split.heldOut(cases, 0.2, seed, strata);
            assertThat(patientsOf(split.heldOut(), strata, "a")).isEqualTo(2);
            assertThat(patientsOf(split.heldOut(), strata, "b")).isEqualTo(10);
        }
        // a single stratum is none
        Map<String, String> one = new HashMap<>();
        cases.forEach(scan -> one.put(scan.id(), "all"));
        assertThat(Split.heldOut(cases, 0.2, 3, one)).isEqualTo(Split.heldOut(cases, 0.2, 3, Map.of()));
    }

    @Test
    void everyPatientIsHeldOutInExactlyOneFold() {
        for (int k = 2; k < 8; k++) {
            List<Case> cases = cases(23, 2);
            Map<String, String> strata = sixths(cases);
            List<Split<Case>> folds = Split.folds(cases, k, 4, strata);
            assertThat(folds).hasSize(k);
            List<String> held = new ArrayList<>();
            for (Split<Case> fold : folds) {
                assertThat(patients(fold.training())).doesNotContainAnyElementsOf(patients(fold.heldOut()));
                assertThat(fold.training().size() + fold.heldOut().size()).isEqualTo(46);
                assertThat(patients(fold.heldOut()).size()).isBetween(23 / k, (23 + k - 1) / k);
                for (String stratum : List.of("a", "b")) {
                    int all = patientsOf(cases, strata, stratum);
                    assertThat(patientsOf(fold.heldOut(), strata, stratum)).isBetween(all / k, (all + k - 1) / k);
                }
                held.addAll(patients(fold.heldOut()));
            }
            assertThat(held).hasSize(23).doesNotHaveDuplicates();
        }
        assertThatThrownBy(() -> Split.folds(cases(3, 1), 4, 1, Map.of())).hasMessageContaining("2 to 3 folds");
    }

    /** By default they are the paths of data sets, which differ between machines that share out folds. */
    @Test
    void foldsDoNotFollowTheNamesOfStrata() {
        List<Case> cases = cases(23, 2);
        Map<String, String> strata = sixths(cases);
        Map<String, String> elsewhere = new HashMap<>();
        strata.forEach((scan, stratum) -> elsewhere.put(scan, stratum.equals("a") ? "z/scans" : "b/scans"));
        for (int seed = 0; seed < 5; seed++) {
            assertThat(Split.folds(cases, 5, seed, elsewhere)).isEqualTo(Split.folds(cases, 5, seed, strata));
        }
    }

    @Test
    void foldsFollowTheSeedAndNotTheOrder() {
        List<Case> cases = cases(20, 2);
        List<Case> shuffled = new ArrayList<>(cases);
        Collections.shuffle(shuffled, new Random(2));
        Map<String, String> strata = sixths(cases);
        Set<Set<String>> first = new HashSet<>();
        for (int seed = 0; seed < 10; seed++) {
            List<Set<String>> folds = new ArrayList<>();
            List<Set<String>> again = new ArrayList<>();
            Split.folds(cases, 5, seed, strata).forEach(fold -> folds.add(patients(fold.heldOut())));
            Split.folds(shuffled, 5, seed, strata).forEach(fold -> again.add(patients(fold.heldOut())));
            assertThat(again).isEqualTo(folds);
            first.add(folds.get(0));
        }
        assertThat(first).hasSizeGreaterThan(8);
    }

    /** Patients whose number is a multiple of six are of "a", the others of "b". */
    private static Map<String, String> sixths(List<Case> cases) {
        Map<String, String> strata = new HashMap<>();
        for (Case scan : cases) {
            int number = Integer.parseInt(scan.patient().substring("patient ".length()));
            strata.put(scan.id(), number % 6 == 0 ? "a" : "b");
        }
        return strata;
    }

    private static int patientsOf(List<Case> cases, Map<String, String> strata, String stratum) {
        return patients(cases.stream()
                        .filter(scan -> stratum.equals(strata.get(scan.id())))
                        .toList())
                .size();
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
