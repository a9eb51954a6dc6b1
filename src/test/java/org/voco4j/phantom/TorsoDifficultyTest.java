package org.voco4j.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.voco4j.measure.feature.HistogramControl;
import org.voco4j.measure.feature.PixelControl;
import org.voco4j.measure.feature.PositionRetrieval;
import org.voco4j.measure.feature.Ridge;
import org.voco4j.measure.feature.ScanFeatures;
import org.voco4j.volume.Volume;

/**
 * Torsos must be honest: what a crop's brightness alone says about its place must not be enough to find it in another
 * patient. Measured as training measures it: window −175…250 HU, cropped to the foreground, 96x96x64, bases 4x4x1.
 */
class TorsoDifficultyTest {
    private static final int[] SIZE = {96, 96, 64};
    private static final int CROP = 24;
    private static final int CROPS = 16;
    private static final int BASES = 16;
    private static final int FOLDS = 4;
    private static final List<float[]> SCANS =
            Torsos.LIST.stream().map(torso -> prepared(torso.image())).toList();

    @Test
    void octantMeansAndAirSharesDoNotTellThePosition() {
        List<ScanFeatures> octants = features(TorsoDifficultyTest::octants);
        double labels = 0;
        double linear = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            List<ScanFeatures> fit = new ArrayList<>();
            List<ScanFeatures> test = new ArrayList<>();
            for (int s = 0; s < octants.size(); s++) {
                (s % FOLDS == fold ? test : fit).add(octants.get(s));
            }
            Ridge.Model labelVector = probe(fit);
            labels += crossScan(test, labelVector::predict) / FOLDS;
            linear += crossScan(test, standardised(fit)) / FOLDS;
        }
        assertThat(labels).as("embedded as predicted label vectors").isBetween(0.15, 0.40);
        assertThat(linear).as("embedded as standardised features").isBetween(0.10, 0.40);
    }

    @Test
    void rawPixelsAndHistogramsFindSomeOfIt() {
        assertThat(PositionRetrieval.of(features(crop -> PixelControl.feature(cube(crop))), 0)
                        .crossScan()
                        .top1())
                .as("raw pixels")
                .isBetween(0.28, 0.40);
        assertThat(PositionRetrieval.of(features(HistogramControl::feature), 0)
                        .crossScan()
                        .top1())
                .as("histogram")
                .isBetween(0.08, 0.25);
    }

    /** Ridge regression from the feature of a crop or base to its label vector. */
    private static Ridge.Model probe(List<ScanFeatures> fit) {
        List<double[]> x = new ArrayList<>();
        List<double[]> y = new ArrayList<>();
        for (ScanFeatures scan : fit) {
            for (int k = 0; k < CROPS; k++) {
                x.add(toDouble(scan.crops()[k]));
                y.add(toDouble(scan.labels()[k]));
            }
            for (int i = 0; i < BASES; i++) {
                double[] itself = new double[BASES];
                itself[i] = 1;
                x.add(toDouble(scan.bases()[i]));
                y.add(itself);
            }
        }
        return new Ridge(x.toArray(new double[0][]), y.toArray(new double[0][])).solve(1e-3);
    }

    /** The features less their mean over the fitted scans, divided by their deviation. */
    private static UnaryOperator<double[]> standardised(List<ScanFeatures> fit) {
        int dimensions = fit.get(0).dimensions();
        double[] mean = new double[dimensions];
        double[] squares = new double[dimensions];
        double weight = 1.0 / (fit.size() * CROPS);
        for (ScanFeatures scan : fit) {
            for (float[] crop : scan.crops()) {
                for (int d = 0; d < dimensions; d++) {
                    mean[d] += weight * crop[d];
                    squares[d] += weight * crop[d] * crop[d];
                }
            }
        }
        return feature -> {
            double[] z = new double[dimensions];
            for (int d = 0; d < dimensions; d++) {
                z[d] = (feature[d] - mean[d]) / Math.sqrt(squares[d] - mean[d] * mean[d]);
            }
            return z;
        };
    }

    private static double crossScan(List<ScanFeatures> scans, UnaryOperator<double[]> embedding) {
        List<ScanFeatures> embedded = new ArrayList<>();
        for (ScanFeatures scan : scans) {
            embedded.add(new ScanFeatures(
                    scan.scan(),
                    scan.patient(),
                    map(scan.crops(), embedding),
                    map(scan.bases(), embedding),
                    scan.labels()));
        }
        return PositionRetrieval.of(embedded, 0).crossScan().top1();
    }

    private static List<ScanFeatures> features(UnaryOperator<float[]> feature) {
        List<ScanFeatures> scans = new ArrayList<>();
        for (int s = 0; s < SCANS.size(); s++) {
            SplittableRandom random = new SplittableRandom(1000 + s);
            float[][] crops = new float[CROPS][];
            float[][] labels = new float[CROPS][];
            float[][] bases = new float[BASES][];
            for (int k = 0; k < CROPS; k++) {
                int x = random.nextInt(SIZE[0] - CROP + 1);
                int y = random.nextInt(SIZE[1] - CROP + 1);
                crops[k] = feature.apply(crop(SCANS.get(s), x, y));
                labels[k] = label(x, y);
            }
            for (int i = 0; i < BASES; i++) {
                bases[i] = feature.apply(crop(SCANS.get(s), i / 4 * CROP, i % 4 * CROP));
            }
            scans.add(new ScanFeatures("torso " + s, "torso " + s, crops, bases, labels));
        }
        return scans;
    }

    private static float[] crop(float[] scan, int x, int y) {
        float[] crop = new float[CROP * CROP * SIZE[2]];
        for (int i = 0; i < CROP; i++) {
            System.arraycopy(scan, ((x + i) * SIZE[1] + y) * SIZE[2], crop, i * CROP * SIZE[2], CROP * SIZE[2]);
        }
        return crop;
    }

    private static float[] label(int x, int y) {
        float[] label = new float[BASES];
        for (int i = 0; i < BASES; i++) {
            int wide = Math.max(0, CROP - Math.abs(x - i / 4 * CROP));
            int deep = Math.max(0, CROP - Math.abs(y - i % 4 * CROP));
            label[i] = (float) wide * deep / (CROP * CROP);
        }
        return label;
    }

    /** The mean of each octant and its share of voxels near air: [16]. */
    private static float[] octants(float[] crop) {
        float[] feature = new float[16];
        float weight = 8f / crop.length;
        for (int v = 0; v < crop.length; v++) {
            int k = v % SIZE[2];
            int j = v / SIZE[2] % CROP;
            int i = v / SIZE[2] / CROP;
            int octant = i / (CROP / 2) * 4 + j / (CROP / 2) * 2 + k / (SIZE[2] / 2);
            feature[octant] += weight * crop[v];
            feature[8 + octant] += crop[v] < 0.05f ? weight : 0;
        }
        return feature;
    }

    /** The crop's z axis brought from 64 to 24 voxels, linearly. */
    private static float[] cube(float[] crop) {
        float[] cube = new float[CROP * CROP * CROP];
        for (int line = 0; line < CROP * CROP; line++) {
            for (int k = 0; k < CROP; k++) {
                double place = (k + 0.5) * SIZE[2] / CROP - 0.5;
                int below = (int) place;
                float t = (float) (place - below);
                int at = line * SIZE[2] + below;
                cube[line * CROP + k] = (1 - t) * crop[at] + t * crop[at + 1];
            }
        }
        return cube;
    }

    /** Windowed to 0…1, cut to the box of what is above 0, resized trilinearly. */
    private static float[] prepared(Volume scan) {
        int[] low = {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] high = {0, 0, 0};
        for (int i = 0; i < scan.shape().x(); i++) {
            for (int j = 0; j < scan.shape().y(); j++) {
                for (int k = 0; k < scan.shape().z(); k++) {
                    if (scan.at(i, j, k) > -175) {
                        int[] place = {i, j, k};
                        for (int axis = 0; axis < 3; axis++) {
                            low[axis] = Math.min(low[axis], place[axis]);
                            high[axis] = Math.max(high[axis], place[axis]);
                        }
                    }
                }
            }
        }
        float[] prepared = new float[SIZE[0] * SIZE[1] * SIZE[2]];
        double[][] places = new double[3][];
        for (int axis = 0; axis < 3; axis++) {
            int length = high[axis] - low[axis] + 1;
            places[axis] = new double[SIZE[axis]];
            for (int i = 0; i < SIZE[axis]; i++) {
                double place = (i + 0.5) * length / SIZE[axis] - 0.5;
                places[axis][i] = low[axis] + Math.max(0, Math.min(length - 1, place));
            }
        }
        int v = 0;
        for (double x : places[0]) {
            for (double y : places[1]) {
                for (double z : places[2]) {
                    prepared[v++] = (float) trilinear(scan, x, y, z);
                }
            }
        }
        return prepared;
    }

    private static double trilinear(Volume scan, double x, double y, double z) {
        double sum = 0;
        for (int corner = 0; corner < 8; corner++) {
            int i = (int) x + (corner & 1);
            int j = (int) y + ((corner >> 1) & 1);
            int k = (int) z + (corner >> 2);
            double weight = (1 - Math.abs(x - i)) * (1 - Math.abs(y - j)) * (1 - Math.abs(z - k));
            if (weight > 0) {
                sum += weight * Math.max(0, Math.min(1, (scan.at(i, j, k) + 175) / 425));
            }
        }
        return sum;
    }

    private static float[][] map(float[][] rows, UnaryOperator<double[]> embedding) {
        float[][] mapped = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double[] row = embedding.apply(toDouble(rows[i]));
            mapped[i] = new float[row.length];
            for (int d = 0; d < row.length; d++) {
                mapped[i][d] = (float) row[d];
            }
        }
        return mapped;
    }

    private static double[] toDouble(float[] values) {
        double[] copy = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }
}
