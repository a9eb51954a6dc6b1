package org.voco4j.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.voco4j.Reference;

/** Volumes of the reference files, and how closely ours must agree with them. */
public final class Expected {
    private Expected() {}

    /** The first channel of a {@code [channel, x, y, z]} tensor. */
    public static Volume volume(Reference reference, String name, String affine) {
        return volume(reference, name, affine, 0);
    }

    /** One channel of a {@code [channel, x, y, z]} tensor. */
    public static Volume volume(Reference reference, String name, String affine, int channel) {
        int[] sizes = reference.shape(name);
        Shape3 shape = new Shape3(sizes[1], sizes[2], sizes[3]);
        int voxels = (int) shape.voxels();
        float[] all = reference.floats(name);
        float[] values = Arrays.copyOfRange(all, channel * voxels, (channel + 1) * voxels);
        return new Volume(shape, affine(reference, affine), values);
    }

    /** A 4 x 4 tensor. */
    public static Affine affine(Reference reference, String name) {
        return Affine.ofRows(Arrays.copyOf(reference.doubles(name), 12));
    }

    /** Same grid (affine to 1e-9) and values within {@code relative} of the largest absolute value. */
    public static void assertSame(Volume found, Volume expected, double relative) {
        assertThat(found.shape()).isEqualTo(expected.shape());
        assertSame(found.affine(), expected.affine(), 1e-9);
        double largest = 0;
        for (float value : expected.voxels()) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.voxels().length; i++) {
            double difference = Math.abs((double) found.voxels()[i] - expected.voxels()[i]);
            if (!(difference <= relative * largest)) {
                assertThat(found.voxels()[i]).as("voxel %d", i).isEqualTo(expected.voxels()[i]);
            }
        }
    }

    /** Entries within {@code tolerance}, relative where they are above 1. */
    public static void assertSame(Affine found, Affine expected, double tolerance) {
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                double entry = expected.at(row, column);
                assertThat(Math.abs(found.at(row, column) - entry))
                        .as("affine entry %d,%d: %s, expected %s", row, column, found, expected)
                        .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(entry)));
            }
        }
    }
}
