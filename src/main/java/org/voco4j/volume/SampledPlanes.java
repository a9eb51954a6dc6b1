package org.voco4j.volume;

import java.util.Arrays;

/** Planes read between those of another volume, along the axes; the last two planes of it are kept. */
final class SampledPlanes implements Planes.Cursor {
    private final Planes.Cursor source;
    private final Shape3 in;
    private final AxisSamples x;
    private final AxisSamples y;
    private final AxisSamples z;
    private final float[] planes; // plane i of the source in the half i % 2
    private final int[] held = new int[2];
    private final double[] row;

    SampledPlanes(Planes.Cursor source, Shape3 in, AxisSamples x, AxisSamples y, AxisSamples z) {
        this.source = source;
        this.in = in;
        this.x = x;
        this.y = y;
        this.z = z;
        planes = new float[Math.multiplyExact(2, in.y() * in.z())];
        Arrays.fill(held, -1);
        row = new double[z.end()];
    }

    @Override
    public void rows(int i, int y0, int y1, float[] out, int offset) {
        int lower = place(x.low[i]);
        double weight = x.weight[i];
        int step = weight > 0 ? place(x.low[i] + 1) - lower : 0;
        AxisSamples.plane(planes, lower, step, in.z(), weight, y, y0, y1, z, row, out, offset);
    }

    /** Where a plane of the source begins; it is made unless it is there. */
    private int place(int plane) {
        int half = plane % 2;
        int at = half * in.y() * in.z();
        if (held[half] != plane) {
            source.rows(plane, 0, in.y(), planes, at);
            held[half] = plane;
        }
        return at;
    }
}
