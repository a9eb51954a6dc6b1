package org.voco4j.volume;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The class of every voxel of a grid: 0 is background, 1…255 are classes of a task.
 *
 * <p>Classes are kept as unsigned bytes in row-major order (z fastest, {@link Shape3#index}). The array is not copied:
 * whoever makes a label map gives the array away, and nobody changes it afterwards.
 */
public final class LabelMap {
    private final Shape3 shape;
    private final Affine affine;
    private final byte[] classes;

    /**
     * Wraps an array.
     *
     * @throws IllegalArgumentException if the array's length is not the shape's number of voxels
     */
    public LabelMap(Shape3 shape, Affine affine, byte[] classes) {
        if (classes.length != shape.voxels()) {
            throw new IllegalArgumentException(
                    "a label map of " + shape + " has " + shape.voxels() + " voxels, the array " + classes.length);
        }
        this.shape = shape;
        this.affine = affine;
        this.classes = classes;
    }

    /**
     * The label map whose classes stand in a volume.
     *
     * @throws IllegalArgumentException if a value is not a whole number from 0 to 255
     */
    public static LabelMap of(Volume volume) {
        float[] values = volume.voxels();
        byte[] classes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            int rounded = (int) values[i];
            if (rounded != values[i] || rounded < 0 || rounded > 255) {
                throw new IllegalArgumentException("a class is a whole number from 0 to 255, not " + values[i]);
            }
            classes[i] = (byte) rounded;
        }
        return new LabelMap(volume.shape(), volume.affine(), classes);
    }

    /** The classes as the values of a volume, for geometry and files. */
    public Volume toVolume() {
        float[] values = new float[classes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = at(i);
        }
        return new Volume(shape, affine, values);
    }

    /** The number of voxels along each axis. */
    public Shape3 shape() {
        return shape;
    }

    /** Voxel index → RAS+ millimetres. */
    public Affine affine() {
        return affine;
    }

    /** The classes as unsigned bytes, row-major; not a copy, not to be changed. */
    public byte[] classes() {
        return classes;
    }

    /** The class of a voxel by its row-major index, 0…255. */
    public int at(int index) {
        return Byte.toUnsignedInt(classes[index]);
    }

    /** Whether each of the classes 1…{@code last} has a voxel. */
    public boolean showsAll(int last) {
        BitSet seen = new BitSet();
        for (int i = 0; i < classes.length; i++) {
            seen.set(at(i));
        }
        return seen.get(1, last + 1).cardinality() == last;
    }

    /**
     * The share of a box that each class takes.
     *
     * @param classes K, how many classes there are, background included
     * @return shares of the classes 0…K−1 of the box's voxels inside the grid; they sum to 1
     * @throws IllegalArgumentException if the box lies outside the grid or a voxel has a class of K or more
     */
    public double[] shares(Box box, int classes) {
        Box inside = Crop.clip(box, shape);
        long[] counts = new long[classes];
        for (int x = inside.x0(); x < inside.x1(); x++) {
            for (int y = inside.y0(); y < inside.y1(); y++) {
                for (int z = inside.z0(); z < inside.z1(); z++) {
                    int label = at(shape.index(x, y, z));
                    if (label >= classes) {
                        throw new IllegalArgumentException("class " + label + " of " + classes + " classes");
                    }
                    counts[label]++;
                }
            }
        }
        return Arrays.stream(counts)
                .mapToDouble(n -> n / (double) inside.voxels())
                .toArray();
    }
}
