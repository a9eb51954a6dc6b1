package org.voco4j.program.classify;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** Small scans with a ball somewhere in noise: bright or dark, large or small. */
final class ClassifiedBalls {
    static final Shape3 SHAPE = new Shape3(20, 18, 16);

    private ClassifiedBalls() {}

    /** Scans that are of one class, dark or bright; named 0, 1, …, first those to train on, then those held out. */
    static ClassifiedScans oneClass(int training, int heldOut) {
        return scans(training, heldOut, List.of("dark", "bright"), true);
    }

    /** Scans that have any of two labels, bright and large. */
    static ClassifiedScans labels(int training, int heldOut) {
        return scans(training, heldOut, List.of("bright", "large"), false);
    }

    private static ClassifiedScans scans(int training, int heldOut, List<String> classes, boolean exclusive) {
        List<String> names = IntStream.range(0, training + heldOut)
                .mapToObj(Integer::toString)
                .toList();
        Map<String, Set<String>> truth = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Set<String> own = new HashSet<>();
            own.add(isBright(i) ? "bright" : "dark");
            if (isLarge(i)) {
                own.add("large");
            }
            own.retainAll(classes);
            truth.put(names.get(i), own);
        }
        return new ClassifiedScans(
                names.subList(0, training),
                names.subList(training, names.size()),
                1,
                classes,
                exclusive,
                truth,
                name -> Channels.of(scan(Integer.parseInt(name))),
                "balls " + training + " " + heldOut + " " + classes,
                Map.of());
    }

    private static boolean isBright(int i) {
        return i % 2 == 1;
    }

    private static boolean isLarge(int i) {
        return i / 2 % 2 == 1;
    }

    /** A ball of 0.9 or 0.4 on 0.2, give or take 0.05. */
    static Volume scan(int i) {
        SplittableRandom random = new SplittableRandom(i);
        int radius = isLarge(i) ? 6 : 3;
        int x0 = 7 + random.nextInt(6);
        int y0 = 7 + random.nextInt(4);
        int z0 = 7 + random.nextInt(2);
        float[] values = new float[(int) SHAPE.voxels()];
        for (int x = 0; x < SHAPE.x(); x++) {
            for (int y = 0; y < SHAPE.y(); y++) {
                for (int z = 0; z < SHAPE.z(); z++) {
                    int r2 = (x - x0) * (x - x0) + (y - y0) * (y - y0) + (z - z0) * (z - z0);
                    double value = r2 > radius * radius ? 0.2 : isBright(i) ? 0.9 : 0.4;
                    values[SHAPE.index(x, y, z)] = (float) (value + 0.05 * random.nextDouble());
                }
            }
        }
        return new Volume(SHAPE, Affine.identity(), values);
    }
}
