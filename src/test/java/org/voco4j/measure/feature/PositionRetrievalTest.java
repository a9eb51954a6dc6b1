package org.voco4j.measure.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.measure.statistics.Interval;

class PositionRetrievalTest {

    @Test
    void perfectFeaturesScoreOne() {
        PositionRetrieval retrieval = PositionRetrieval.of(Features.perfect(4, 32, 16), 0);
        for (PositionRetrieval.Score score : List.of(retrieval.crossScan(), retrieval.withinScan())) {
            assertThat(score.top1()).isEqualTo(1);
            assertThat(score.sharp()).isEqualTo(1);
            assertThat(score.interval()).isEqualTo(new Interval(1, 1));
        }
        assertThat(retrieval.crossScan().pairs()).isEqualTo(12);
        assertThat(retrieval.withinScan().pairs()).isEqualTo(4);
        assertThat(retrieval.chance()).isCloseTo(1.0 / 16, within(1e-12));
        for (double[] row : retrieval.top1()) {
            assertThat(row).containsOnly(1.0);
        }
    }

    @Test
    void randomFeaturesScoreChance() {
        PositionRetrieval retrieval = PositionRetrieval.of(Features.random(10, 64, 16, 8, 5), 0);
        assertThat(retrieval.crossScan().top1()).isCloseTo(1.0 / 16, within(0.02));
        assertThat(retrieval.withinScan().top1()).isCloseTo(1.0 / 16, within(0.03));
        assertThat(retrieval.crossScan().rankCorrelation()).isCloseTo(0, within(0.03));
    }

    @Test
    void featuresThatAreAllAlikeScoreExactlyChance() {
        float[][] alike = new float[8][4];
        for (float[] row : alike) {
            Arrays.fill(row, 1);
        }
        float[][] labels = {
            {1, 0, 0, 0, 0, 0, 0, 0}, {0.5f, 0.5f, 0, 0, 0, 0, 0, 0}, {0.25f, 0.25f, 0.25f, 0.25f, 0, 0, 0, 0}
        };
        ScanFeatures scan = new ScanFeatures("a", "a", Arrays.copyOf(alike, 3), alike, labels);
        PositionRetrieval retrieval = PositionRetrieval.of(List.of(scan, of(scan, "b"), of(scan, "c")), 0);
        double chance = (1 + 2 + 4) / 8.0 / 3;
        assertThat(retrieval.chance()).isCloseTo(chance, within(1e-12));
        assertThat(retrieval.crossScan().top1()).isCloseTo(chance, within(1e-12));
        assertThat(retrieval.crossScan().rankCorrelation()).isZero();
    }

    @Test
    void anyBaseWithTheLargestLabelIsRight() {
        float[][] bases = {{1, 0}, {0, 1}, {-1, 0}};
        float[][] labels = {{0.4f, 0.4f, 0.2f}, {0.4f, 0.4f, 0.2f}, {0.4f, 0.4f, 0.2f}};
        float[][] crops = {{1, 0.1f}, {0.1f, 1}, {-1, 0}};
        ScanFeatures scan = new ScanFeatures("a", "a", crops, bases, labels);
        PositionRetrieval retrieval = PositionRetrieval.of(List.of(scan, of(scan, "b")), 0);
        assertThat(retrieval.crossScan().top1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(retrieval.crossScan().sharp()).isNaN();
        assertThat(retrieval.crossScan().interval()).isEqualTo(new Interval(0, 1));
    }

    @Test
    void oneVoteIsSharedByTheBasesWithTheLargestScore() {
        double[] labels = {0.5, 0.5, 0, 0};
        assertThat(PositionRetrieval.vote(new double[] {0.1, 0.9, 0.3, 0}, labels))
                .isEqualTo(1);
        assertThat(PositionRetrieval.vote(new double[] {0.1, 0.3, 0.9, 0}, labels))
                .isZero();
        assertThat(PositionRetrieval.vote(new double[] {0, 0.9, 0.9, 0}, labels))
                .isEqualTo(0.5);
        assertThat(PositionRetrieval.vote(new double[4], labels)).isEqualTo(0.5);
    }

    @Test
    void crossScanComparesWithTheOtherScansBases() {
        // Within a scan everything matches; the second scan has its bases exchanged.
        float[][] labels = {{1, 0}, {0, 1}};
        float[][] straight = {{1, 0}, {0, 1}};
        float[][] exchanged = {{0, 1}, {1, 0}};
        ScanFeatures a = new ScanFeatures("a", "a", straight, straight, labels);
        ScanFeatures b = new ScanFeatures("b", "b", exchanged, exchanged, labels);
        PositionRetrieval retrieval = PositionRetrieval.of(List.of(a, b, of(a, "c")), 0);
        assertThat(retrieval.withinScan().top1()).isEqualTo(1);
        assertThat(retrieval.top1()[0]).containsExactly(1, 0, 1);
        assertThat(retrieval.crossScan().top1()).isCloseTo(2.0 / 6, within(1e-12));
    }

    /** The same features as those of another patient. */
    private static ScanFeatures of(ScanFeatures scan, String patient) {
        return new ScanFeatures(scan.scan(), patient, scan.crops(), scan.bases(), scan.labels());
    }

    @Test
    void scansOfOnePatientAreNotComparedAndEachPatientCountsTheSame() {
        List<ScanFeatures> alone = Features.mixed(5, 40, 4, 0.4, 3);
        PositionRetrieval expected = PositionRetrieval.of(alone, 7);
        List<ScanFeatures> phases = new ArrayList<>(alone);
        for (int i = 0; i < 3; i++) { // more scans of the first patient, the very same
            phases.add(alone.get(0));
        }
        PositionRetrieval found = PositionRetrieval.of(phases, 7);
        assertThat(found.patients()).isEqualTo(5);
        assertThat(found.crossScan().top1()).isCloseTo(expected.crossScan().top1(), within(1e-12));
        assertThat(found.withinScan().top1()).isCloseTo(expected.withinScan().top1(), within(1e-12));
        assertThat(found.chance()).isCloseTo(expected.chance(), within(1e-12));
        assertThat(found.crossScan().interval().low())
                .isCloseTo(expected.crossScan().interval().low(), within(1e-12));
        assertThat(found.crossScan().pairs()).isEqualTo(4 * 4 * 2 + 4 * 3);
        assertThat(found.withinScan().pairs()).isEqualTo(8);
    }

    @Test
    void whatOnlyOnesOwnOtherScanTellsIsNoAnatomy() {
        List<ScanFeatures> scans = new ArrayList<>();
        ScanFeatures scan = Features.perfect(1, 64, 16).get(0);
        for (int i = 0; i < 8; i++) { // two phases of each of four abdomens
            scans.add(turned(scan, i / 2));
        }
        PositionRetrieval retrieval = PositionRetrieval.of(scans, 0);
        assertThat(retrieval.withinScan().top1()).isEqualTo(1);
        assertThat(retrieval.crossScan().top1()).isZero();
        assertThat(PositionRetrieval.of(scans.subList(0, 4), 0).isMeasurable()).isFalse(); // four scans of two
        assertThatThrownBy(() -> PositionRetrieval.of(scans.subList(0, 2), 0))
                .hasMessageContaining("at least 2 patients, not of 1");
    }

    /** Features in which the scans of a patient agree and those of others do not. */
    private static ScanFeatures turned(ScanFeatures scan, int patient) {
        return new ScanFeatures(
                "scan",
                "patient-" + patient,
                rolled(scan.crops(), 3 * patient),
                rolled(scan.bases(), 3 * patient),
                scan.labels());
    }

    private static float[][] rolled(float[][] rows, int by) {
        float[][] rolled = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            rolled[i] = new float[rows[i].length];
            for (int d = 0; d < rows[i].length; d++) {
                rolled[i][(d + by) % rows[i].length] = rows[i][d];
            }
        }
        return rolled;
    }

    @Test
    void theIntervalCoversTheTruthAndRepeats() {
        int covered = 0;
        for (int trial = 0; trial < 40; trial++) {
            PositionRetrieval retrieval = PositionRetrieval.of(Features.mixed(10, 40, 4, 0.4, trial), trial);
            covered += retrieval.crossScan().interval().contains(0.6) ? 1 : 0;
            assertThat(retrieval
                            .crossScan()
                            .interval()
                            .contains(retrieval.crossScan().top1()))
                    .isTrue();
        }
        assertThat(covered).isBetween(33, 40);
        assertThat(PositionRetrieval.of(Features.mixed(6, 20, 4, 0.4, 1), 9).crossScan())
                .isEqualTo(PositionRetrieval.of(Features.mixed(6, 20, 4, 0.4, 1), 9)
                        .crossScan());
    }

    @Test
    void thePairedMarginIsNarrowerThanTheIntervalsSuggest() {
        PositionRetrieval good = PositionRetrieval.of(Features.mixed(8, 40, 4, 0.2, 1), 0);
        PositionRetrieval poor = PositionRetrieval.of(Features.mixed(8, 40, 4, 0.7, 2), 0);
        PositionRetrieval.Margin margin = good.over(poor, 0);
        assertThat(margin.mean())
                .isCloseTo(good.crossScan().top1() - poor.crossScan().top1(), within(1e-12));
        assertThat(margin.interval().low()).isPositive();
        assertThat(margin.interval().contains(margin.mean())).isTrue();
        assertThat(good.over(good, 0)).isEqualTo(new PositionRetrieval.Margin(0, new Interval(0, 0)));
    }

    @Test
    void refusesWhatCannotBeCompared() {
        List<ScanFeatures> one = Features.perfect(1, 4, 4);
        assertThatThrownBy(() -> PositionRetrieval.of(one, 0)).hasMessageContaining("at least 2 patients, not of 1");
        List<ScanFeatures> unlike =
                List.of(one.get(0), of(Features.perfect(1, 4, 5).get(0), "b"));
        assertThatThrownBy(() -> PositionRetrieval.of(unlike, 0)).hasMessageContaining("5 bases");
        PositionRetrieval two = PositionRetrieval.of(Features.perfect(2, 4, 4), 0);
        PositionRetrieval three = PositionRetrieval.of(Features.perfect(3, 4, 4), 0);
        assertThatThrownBy(() -> two.over(three, 0)).hasMessageContaining("not 2 with 3");
        assertThatThrownBy(() ->
                        new ScanFeatures("x", "x", new float[][] {{Float.NaN}}, new float[2][1], new float[1][2]))
                .hasMessageContaining("scan x: crop feature 0 holds NaN");
        assertThatThrownBy(() -> new ScanFeatures("x", "x", new float[1][3], new float[2][1], new float[1][2]))
                .hasMessageContaining("3 numbers, expected 1");
    }
}
