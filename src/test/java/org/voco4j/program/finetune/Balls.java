package org.voco4j.program.finetune;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.corpus.label.Regions;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Channels;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Small scans with a bright ball and a grey box somewhere in noise. */
public final class Balls {
    private static final Shape3 SHAPE = new Shape3(24, 22, 20);

    private Balls() {}

    /** The same whose classes mean regions that overlap: both things, and the box; the lowest planes are to be ignored. */
    static LabelledScans regions(int training, int heldOut) {
        LabelledScans plain = scans(training, heldOut);
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        values.put("things", List.of(1, 2));
        values.put("box", List.of(2));
        return new LabelledScans(
                plain.training(),
                plain.heldOut(),
                1,
                values,
                new Regions(values, List.of(1, 2)),
                new LabelledScans.Source() {
                    @Override
                    public LabelledVolume scan(String name) throws IOException, InterruptedException {
                        LabelledVolume scan = plain.source().scan(name);
                        byte[] classes = scan.labels().classes();
                        for (int i = 0; i < classes.length; i++) {
                            classes[i] = i % SHAPE.z() < 3 ? (byte) LabelSchema.IGNORE : classes[i];
                        }
                        return scan;
                    }

                    @Override
                    public LabelMap truth(String name) throws IOException {
                        try {
                            return scan(name).labels();
                        } catch (InterruptedException never) {
                            throw new IOException(never);
                        }
                    }
                },
                "regions of balls " + training + " " + heldOut,
                Map.of(),
                Map.of());
    }

    /** Scans named 0, 1, …: first those to train on, then those held out. */
    public static LabelledScans scans(int training, int heldOut) {
        List<String> names = IntStream.range(0, training + heldOut)
                .mapToObj(Integer::toString)
                .toList();
        return new LabelledScans(
                names.subList(0, training),
                names.subList(training, names.size()),
                List.of("ball", "box"),
                new LabelledScans.Source() {
                    @Override
                    public LabelledVolume scan(String name) {
                        return Balls.scan(Integer.parseInt(name));
                    }

                    @Override
                    public LabelMap truth(String name) {
                        return scan(name).labels();
                    }
                },
                "balls " + training + " " + heldOut);
    }

    private static LabelledVolume scan(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int ballX = 6 + random.nextInt(4);
        int ballY = 7 + random.nextInt(8);
        int boxX = 15 + random.nextInt(4);
        int boxY = 3 + random.nextInt(9);
        float[] values = new float[(int) SHAPE.voxels()];
        byte[] classes = new byte[values.length];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    int r2 = (x - ballX) * (x - ballX) + (y - ballY) * (y - ballY) + (z - 10) * (z - 10);
                    boolean box = Math.abs(x - boxX) <= 3 && y >= boxY && y < boxY + 7 && z >= 5 && z < 14;
                    int label = r2 <= 25 ? 1 : box ? 2 : 0;
                    double value = label == 1 ? 0.8 : label == 2 ? 0.5 : 0.1;
                    int at = SHAPE.index(x, y, z);
                    values[at] = (float) (value + 0.1 * random.nextDouble());
                    classes[at] = (byte) label;
                }
            }
        }
        Affine affine = Affine.identity();
        Resample.Grid grid = new Resample.Grid(SHAPE, affine);
        return new LabelledVolume(
                Channels.of(new Volume(SHAPE, affine, values)),
                new LabelMap(SHAPE, affine, classes),
                new InversePreprocessing(grid, grid, Box.of(SHAPE), grid));
    }
}
