package org.voco4j.downstream.segment;

import java.util.Arrays;
import java.util.BitSet;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Shape3;

/**
 * Keeps of every value of a label map the largest connected part, the first among equals; the rest becomes background.
 *
 * <p>Voxels of one value are connected where they share a face, an edge or a corner (26 neighbours).
 */
final class LargestComponent {
    private final LabelMap map;
    private final Shape3 shape;
    private final byte[] values;
    private int[] stack = new int[1 << 10];

    private LargestComponent(LabelMap map) {
        this.map = map;
        this.shape = map.shape();
        this.values = map.classes();
    }

    /** The map with one part per value. */
    static LabelMap of(LabelMap map) {
        return new LargestComponent(map).cleaned();
    }

    private LabelMap cleaned() {
        int[] largest = new int[256];
        int[] seeds = new int[256];
        BitSet seen = new BitSet(values.length);
        for (int i = 0; i < values.length; i++) {
            int value = map.at(i);
            if (value != 0 && !seen.get(i)) {
                int size = flood(i, seen);
                if (size > largest[value]) {
                    largest[value] = size;
                    seeds[value] = i;
                }
            }
        }
        seen.clear();
        for (int value = 1; value < largest.length; value++) {
            if (largest[value] > 0) {
                flood(seeds[value], seen);
            }
        }
        byte[] kept = new byte[values.length];
        for (int i = seen.nextSetBit(0); i >= 0; i = seen.nextSetBit(i + 1)) {
            kept[i] = values[i];
        }
        return new LabelMap(shape, map.affine(), kept);
    }

    /** Marks the part around a voxel and counts it. */
    private int flood(int seed, BitSet seen) {
        int count = 0;
        int depth = 0;
        stack[depth++] = seed;
        seen.set(seed);
        while (depth > 0) {
            int at = stack[--depth];
            count++;
            int z = at % shape.z();
            int y = at / shape.z() % shape.y();
            int x = at / shape.z() / shape.y();
            for (int i = Math.max(x - 1, 0); i <= Math.min(x + 1, shape.x() - 1); i++) {
                for (int j = Math.max(y - 1, 0); j <= Math.min(y + 1, shape.y() - 1); j++) {
                    for (int k = Math.max(z - 1, 0); k <= Math.min(z + 1, shape.z() - 1); k++) {
                        int next = shape.index(i, j, k);
                        if (values[next] == values[seed] && !seen.get(next)) {
                            seen.set(next);
                            if (depth == stack.length) {
                                stack = Arrays.copyOf(stack, 2 * depth);
                            }
                            stack[depth++] = next;
                        }
                    }
                }
            }
        }
        return count;
    }
}
