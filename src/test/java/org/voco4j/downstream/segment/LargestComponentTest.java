package org.voco4j.downstream.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.voco4j.volume.Affine;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

class LargestComponentTest {

    @Test
    void cornersConnectAndTheFirstAmongEqualsStays() {
        byte[] classes = {1, 0, 0, 1, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0};
        //                1 0 0 1 | 0 0 2 0 | 0 0 2 0 ...: a plane of 5 rows of 4
        LabelMap map = new LabelMap(new Shape3(1, 5, 4), Affine.identity(), classes);
        assertThat(LargestComponent.of(map).classes())
                .containsExactly(1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0);
        byte[] diagonal = {1, 0, 0, 0, 0, 0, 0, 1};
        LabelMap corner = new LabelMap(Shape3.cube(2), Affine.identity(), diagonal);
        assertThat(LargestComponent.of(corner).classes()).isEqualTo(diagonal);
    }

    @Test
    void isWhatMergingNeighboursUntilNothingChangesGives() {
        SplittableRandom random = new SplittableRandom(1);
        Shape3 shape = new Shape3(7, 6, 9);
        for (int round = 0; round < 20; round++) {
            byte[] classes = new byte[(int) shape.voxels()];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = (byte) Math.max(0, random.nextInt(-6, 4));
            }
            LabelMap map = new LabelMap(shape, Affine.identity(), classes);
            assertThat(LargestComponent.of(map).classes()).isEqualTo(slowly(map));
        }
    }

    private static byte[] slowly(LabelMap map) {
        Shape3 shape = map.shape();
        int[] part = new int[map.classes().length]; // the lowest index of its part
        for (int i = 0; i < part.length; i++) {
            part[i] = i;
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = 0; i < part.length; i++) {
                for (int j = 0; j < part.length; j++) {
                    if (map.at(i) == map.at(j) && near(i, j, shape) && part[j] < part[i]) {
                        part[i] = part[j];
                        changed = true;
                    }
                }
            }
        }
        Map<Integer, Integer> sizes = new HashMap<>();
        for (int p : part) {
            sizes.merge(p, 1, Integer::sum);
        }
        Map<Integer, Integer> best = new HashMap<>();
        for (int i = 0; i < part.length; i++) {
            Integer other = best.get(map.at(i));
            if (other == null || sizes.getOrDefault(part[i], 0) > sizes.getOrDefault(other, 0)) {
                best.put(map.at(i), part[i]);
            }
        }
        byte[] kept = new byte[part.length];
        for (int i = 0; i < part.length; i++) {
            kept[i] = best.getOrDefault(map.at(i), -1) == part[i] ? map.classes()[i] : 0;
        }
        return kept;
    }

    private static boolean near(int i, int j, Shape3 shape) {
        int z = Math.abs(i % shape.z() - j % shape.z());
        int y = Math.abs(i / shape.z() % shape.y() - j / shape.z() % shape.y());
        int x = Math.abs(i / shape.z() / shape.y() - j / shape.z() / shape.y());
        return Math.max(x, Math.max(y, z)) == 1;
    }
}
