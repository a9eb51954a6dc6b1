package org.voco4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/** Made-up training results that look like real ones. */
final class Demo {
    private Demo() {}

    static List<Panel> panels() {
        int n = 20_000;
        SplittableRandom random = new SplittableRandom(7);
        double[] x = new double[n];
        double[] loss = new double[n];
        double[] pred = new double[n];
        double[] reg = new double[n];
        double[] rate = new double[n];
        double[] norm = new double[n];
        for (int i = 0; i < n; i++) {
            double t = i / (double) n;
            x[i] = i + 1;
            pred[i] = 0.16 + 0.35 * Math.exp(-7 * t) + 0.03 * (random.nextDouble() + random.nextDouble() - 1);
            reg[i] = 0.05 + 0.3 * Math.exp(-18 * t) + 0.015 * (random.nextDouble() + random.nextDouble() - 1);
            loss[i] = pred[i] + reg[i];
            rate[i] = i < 600 ? 1e-3 * i / 600 : 5e-4 * (1 + Math.cos(Math.PI * (i - 600) / (n - 600)));
            norm[i] = (0.8 + 2 * Math.exp(-9 * t)) * Math.exp(0.5 * (random.nextDouble() + random.nextDouble() - 1));
        }
        norm[4321] = 90;
        norm[9000] = Double.NaN;
        double[] gate = {0, 2000, 4000, 6000, 8000, 10_000, 12_000, 14_000, 16_000, 18_000, 20_000};
        double[] retrieval = {0.13, 0.21, 0.35, 0.44, 0.52, 0.55, 0.59, 0.62, 0.63, 0.645, 0.65};
        return List.of(
                new Panel(
                        "Loss",
                        "step",
                        List.of(
                                Series.solid("total", x, loss),
                                Series.solid("prediction", x, pred),
                                Series.solid("regularization", x, reg))),
                new Panel(
                        "Position retrieval, across scans",
                        "step",
                        List.of(
                                Series.solid("trained", gate, retrieval),
                                Series.level("pixels", 0.34),
                                Series.level("histogram", 0.21),
                                Series.level("untrained", 0.19),
                                Series.level("chance", 0.0625))),
                new Panel("Learning rate", "step", List.of(Series.solid("lr", x, rate))),
                new Panel("Gradient norm", "step", List.of(Series.solid("norm", x, norm))));
    }

    /** A torso in grey: body, lungs, spine, liver on the patient's right, stomach on the left. */
    static Volume torso() {
        Shape3 shape = new Shape3(128, 96, 64);
        float[] voxels = new float[(int) shape.voxels()];
        SplittableRandom random = new SplittableRandom(3);
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    double grey = 0;
                    if (in(x, y, 0, 64, 48, 0, 58, 40, 1e9)) {
                        grey = in(x, y, 0, 64, 48, 0, 54, 36, 1e9) ? 0.55 : 0.3;
                    }
                    if (in(x, y, z, 88, 48, 60, 21, 24, 34) || in(x, y, z, 40, 48, 60, 20, 24, 34)) {
                        grey = 0.08;
                    }
                    if (in(x, y, z, 84, 54, 16, 28, 22, 18)) {
                        grey = 0.7;
                    }
                    if (in(x, y, z, 40, 60, 18, 14, 14, 12)) {
                        grey = 0.4;
                    }
                    if (in(x, y, z, 58, 56, 36, 14, 16, 16)) {
                        grey = 0.68;
                    }
                    if (in(x, y, 0, 64, 20, 0, 9, 8, 1e9)) {
                        grey = z % 8 < 6 ? 0.95 : 0.75;
                    }
                    double noise = 0.05 * (random.nextDouble() + random.nextDouble() - 1);
                    voxels[shape.index(x, y, z)] = (float) Math.max(0, grey + noise);
                }
            }
        }
        return new Volume(shape, Affine.scaling(new Spacing(2.8, 2.8, 4)), voxels);
    }

    private static boolean in(
            double x, double y, double z, double cx, double cy, double cz, double rx, double ry, double rz) {
        double dx = (x - cx) / rx;
        double dy = (y - cy) / ry;
        double dz = (z - cz) / rz;
        return dx * dx + dy * dy + dz * dz < 1;
    }

    /** The 4 x 4 x 1 bases of the torso. */
    static List<Box> bases() {
        List<Box> bases = new ArrayList<>();
        for (int x = 0; x < 4; x++) {
            for (int y = 0; y < 4; y++) {
                bases.add(Box.at(32 * x, 24 * y, 0, new Shape3(32, 24, 64)));
            }
        }
        return bases;
    }

    static double[] shares(Box crop) {
        return bases().stream()
                .mapToDouble(base -> base.overlap(crop) / (double) crop.voxels())
                .toArray();
    }

    static double[] guess(double[] truth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] guess = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            guess[i] = Math.max(0, 0.85 * truth[i] + 0.16 * (random.nextDouble() - 0.45));
        }
        return guess;
    }

    static List<OverlapChart.Crop> crops() {
        List<OverlapChart.Crop> crops = new ArrayList<>();
        int[][] corners = {{10, 8}, {40, 30}, {70, 60}, {90, 5}, {22, 66}, {64, 24}};
        for (int i = 0; i < corners.length; i++) {
            double[] truth = shares(Box.at(corners[i][0], corners[i][1], 0, new Shape3(32, 24, 64)));
            crops.add(new OverlapChart.Crop(
                    "Crop " + i, truth, guess(i == 3 ? shares(Box.at(84, 16, 0, new Shape3(32, 24, 64))) : truth, i)));
        }
        return crops;
    }

    static List<Bars.Bar> bars() {
        return List.of(
                Bars.Bar.control("chance", 0.0625),
                Bars.Bar.control("intensity histogram", 0.21),
                Bars.Bar.control("raw pixels", 0.34),
                new Bars.Bar("untrained network", 0.19, 0.15, 0.24, true),
                Bars.Bar.result("trained network", 0.65, 0.58, 0.71));
    }
}
