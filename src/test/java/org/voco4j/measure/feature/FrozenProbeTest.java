package org.voco4j.measure.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrozenProbeTest {
    private final List<ScanFeatures> scans = new ArrayList<>();
    private final List<double[][]> targets = new ArrayList<>();

    /** Features = a random linear image of the position plus noise; [D] may exceed the number of samples. */
    private void make(int dimensions, double noise, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] map = Features.gaussian(2, dimensions, random);
        for (int s = 0; s < 12; s++) {
            float[][] crops = new float[16][dimensions];
            double[][] positions = new double[16][2];
            for (int k = 0; k < 16; k++) {
                positions[k] = new double[] {random.nextDouble(), random.nextDouble()};
                for (int d = 0; d < dimensions; d++) {
                    double clean = map[0][d] * positions[k][0] + map[1][d] * positions[k][1];
                    crops[k][d] = (float) (clean + noise * random.nextGaussian());
                }
            }
            scans.add(new ScanFeatures("scan-" + s, "patient-" + s, crops, new float[2][dimensions], new float[16][2]));
            targets.add(positions);
        }
    }

    @Test
    void readsWhatIsLinearlyThere() {
        make(6, 0.001, 1);
        FrozenProbe probe = FrozenProbe.of(scans, targets, 4, 5, 0);
        assertThat(probe.mean()).isGreaterThan(0.999);
        assertThat(probe.sd()).isLessThan(0.001);
        assertThat(probe.interval().contains(probe.mean())).isTrue();
        assertThat(probe.draws()).hasSize(5);
    }

    @Test
    void readsItInManyDimensionsAndNoiseToo() {
        make(300, 1, 2);
        FrozenProbe probe = FrozenProbe.of(scans, targets, 4, 5, 0);
        assertThat(probe.mean()).isBetween(0.8, 1.0);
        assertThat(FrozenProbe.of(scans, targets, 4, 5, 0)).isEqualTo(probe);
    }

    @Test
    void findsNothingInNoiseAndThenPrefersAGreatStrength() {
        make(40, 1, 3);
        List<double[][]> unrelated = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(4);
        for (double[][] positions : targets) {
            double[][] other = new double[positions.length][2];
            for (double[] row : other) {
                row[0] = random.nextDouble();
                row[1] = random.nextDouble();
            }
            unrelated.add(other);
        }
        FrozenProbe probe = FrozenProbe.of(scans, unrelated, 4, 5, 0);
        assertThat(probe.mean()).isBetween(-0.2, 0.05);
        assertThat(probe.strengths()).allMatch(strength -> strength >= 1);
    }

    /** Whoever sees every patient on both sides can read who it is; here nothing else is to be read. */
    @Test
    void scansOfOnePatientAreOnOneSide() {
        SplittableRandom random = new SplittableRandom(6);
        scans.clear();
        targets.clear();
        for (int s = 0; s < 12; s++) {
            int patient = s / 2;
            float[][] crops = new float[16][6];
            double[][] values = new double[16][1];
            double own = new SplittableRandom(patient).nextDouble();
            for (int k = 0; k < 16; k++) {
                crops[k][patient] = 1;
                values[k][0] = own + 0.01 * random.nextDouble();
            }
            scans.add(new ScanFeatures("scan-" + s, "patient-" + patient, crops, new float[2][6], new float[16][2]));
            targets.add(values);
        }
        assertThat(FrozenProbe.of(scans, targets, 4, 5, 0).mean()).isLessThan(0.2);
        assertThatThrownBy(() -> FrozenProbe.of(scans, targets, 6, 5, 0))
                .hasMessageContaining("6 patients fits 2 to 5");
    }

    @Test
    void saysWhatIsWrong() {
        make(3, 1, 5);
        assertThatThrownBy(() -> FrozenProbe.of(scans, targets, 12, 5, 0)).hasMessageContaining("2 to 11");
        assertThatThrownBy(() -> FrozenProbe.of(scans, targets.subList(1, 12), 4, 5, 0))
                .hasMessageContaining("12 scans, but targets of 11");
        targets.set(3, new double[2][2]);
        assertThatThrownBy(() -> FrozenProbe.of(scans, targets, 4, 5, 0))
                .hasMessageContaining("scan-3: 16 crops, but 2 targets");
    }
}
