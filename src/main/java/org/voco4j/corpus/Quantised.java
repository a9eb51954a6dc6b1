package org.voco4j.corpus;

import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * A volume of values in [0, 1] stored in 16 bits: q = round(65535·v), v = q/65535.
 *
 * <p>What is kept in memory is what is trained on, so a value is the same whether it was kept or made again; the error
 * is at most 1/131070, or 0.0033 HU of a window of 425 HU.
 */
public final class Quantised {
    private static final float LEVELS = 65535;

    private final Shape3 shape;
    private final Affine affine;
    private final short[] levels;

    private Quantised(Shape3 shape, Affine affine, short[] levels) {
        this.shape = shape;
        this.affine = affine;
        this.levels = levels;
    }

    /**
     * Rounds a volume.
     *
     * @throws IllegalArgumentException if a value is not in [0, 1]
     */
    public static Quantised of(Volume volume) {
        float[] values = volume.voxels();
        short[] levels = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            float value = values[i];
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("a windowed value lies in [0, 1], not " + value);
            }
            levels[i] = (short) Math.round(value * LEVELS);
        }
        return new Quantised(volume.shape(), volume.affine(), levels);
    }

    /** From levels q as they were kept; the array is given away. */
    static Quantised ofLevels(Shape3 shape, Affine affine, short[] levels) {
        return new Quantised(shape, affine, levels);
    }

    /** The levels q as unsigned numbers, row-major; not a copy, not to be changed. */
    short[] levels() {
        return levels;
    }

    /** The number of voxels along each axis. */
    public Shape3 shape() {
        return shape;
    }

    /** Voxel index → RAS+ millimetres. */
    public Affine affine() {
        return affine;
    }

    /** The memory it takes. */
    public long bytes() {
        return 2L * levels.length;
    }

    /** Writes the values, row-major, into the first shape().voxels() places of an array. */
    public void toFloat(float[] out) {
        for (int i = 0; i < levels.length; i++) {
            out[i] = (levels[i] & 0xffff) / LEVELS;
        }
    }

    /** The values as a volume. */
    public Volume toVolume() {
        float[] values = new float[levels.length];
        toFloat(values);
        return new Volume(shape, affine, values);
    }
}
