package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

class WrongRegionTest {
    private static final Shape3 SHAPE = new Shape3(9, 8, 7);

    private static LabelMap map(Box... filled) {
        byte[] classes = new byte[(int) SHAPE.voxels()];
        for (int k = 0; k < filled.length; k++) {
            Box box = filled[k];
            for (int x = box.x0(); x < box.x1(); x++) {
                for (int y = box.y0(); y < box.y1(); y++) {
                    for (int z = box.z0(); z < box.z1(); z++) {
                        classes[SHAPE.index(x, y, z)] = (byte) (k + 1);
                    }
                }
            }
        }
        return new LabelMap(SHAPE, Affine.scaling(Spacing.isotropic(1)), classes);
    }

    @Test
    void theLargestPlaceThatDiffersInTheSlice() {
        LabelMap truth = map(new Box(1, 1, 1, 5, 4, 4));
        LabelMap found = map(new Box(1, 1, 1, 5, 3, 4), new Box(6, 5, 1, 9, 8, 4)); // a row missed, nine invented
        assertThat(WrongRegion.of(truth, found, 2, 2)).contains(new Box(6, 5, 2, 9, 8, 3));
        assertThat(WrongRegion.of(truth, found, 1, 3)).contains(new Box(1, 3, 1, 5, 4, 4));
        assertThat(WrongRegion.of(truth, found, 1, 1)).isEmpty();
        assertThat(WrongRegion.of(truth, map(new Box(1, 1, 1, 5, 4, 4), new Box(8, 7, 2, 9, 8, 3)), 2, 2))
                .as("a voxel is no place")
                .isEmpty();
    }
}
