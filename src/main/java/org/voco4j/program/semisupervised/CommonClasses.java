package org.voco4j.program.semisupervised;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.voco4j.corpus.label.LabelSchema;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/**
 * A segmenter that looks at no scan: every place has the class that is most frequent there among labelled scans, the lowest among equals.
 *
 * <p>A place is a share of each axis, so that scans may differ in size.
 */
record CommonClasses(List<LabelMap> labelled) {

    /** That of the scans to train on. */
    static CommonClasses of(LabelledScans scans) throws IOException, InterruptedException {
        List<LabelMap> maps = new ArrayList<>();
        for (String name : scans.training()) {
            maps.add(scans.source().scan(name).labels());
        }
        return new CommonClasses(maps);
    }

    /** The classes that it gives a scan of such a grid. */
    LabelMap like(LabelMap grid) {
        Shape3 shape = grid.shape();
        byte[] classes = new byte[Math.toIntExact(shape.voxels())];
        int[] votes = new int[256];
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    classes[shape.index(x, y, z)] = (byte) most(votes, x, y, z, shape);
                }
            }
        }
        return new LabelMap(shape, grid.affine(), classes);
    }

    private int most(int[] votes, int x, int y, int z, Shape3 shape) {
        Arrays.fill(votes, 0);
        int best = 0;
        for (LabelMap map : labelled) {
            Shape3 own = map.shape();
            int label =
                    map.at(own.index(at(x, shape.x(), own.x()), at(y, shape.y(), own.y()), at(z, shape.z(), own.z())));
            if (label == LabelSchema.IGNORE) {
                continue;
            }
            votes[label]++;
            if (votes[label] > votes[best] || (votes[label] == votes[best] && label < best)) {
                best = label;
            }
        }
        return best;
    }

    private static int at(int i, int of, int among) {
        return (int) ((2L * i + 1) * among / (2L * of));
    }
}
