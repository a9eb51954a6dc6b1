package org.voco4j.pretext.part.pair;

import org.voco4j.volume.Box;
import org.voco4j.volume.Resize;
import org.voco4j.volume.Shape3;

/** Planes of a crop, shown as large as the crop. */
public final class Slab {
    private Slab() {}

    /**
     * The planes z of low ≤ z &lt; high, stretched along z (trilinear, corners aligned).
     *
     * @param crop row-major
     */
    public static float[] of(float[] crop, Shape3 shape, int low, int high) {
        float[] values = new float[crop.length];
        Resize.trilinear(crop, shape, new Box(0, 0, low, shape.x(), shape.y(), high), true, shape, values, 0);
        return values;
    }
}
