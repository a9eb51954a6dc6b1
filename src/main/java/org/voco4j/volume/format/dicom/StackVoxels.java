package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.voco4j.volume.ParallelRange;
import org.voco4j.volume.Shape3;

/** Reads the voxels of a stack: value = stored · slope + intercept, in double, rounded to float. */
final class StackVoxels {
    private static final int SLICES = 16; // floats in a cache line: what is written together
    private static final int MOST = 1 << 23; // samples that a thread holds

    private StackVoxels() {}

    /** All voxels, the last axis fastest, read by some threads. */
    static float[] read(Stack stack, int threads) throws IOException {
        List<Slice> slices = stack.slices();
        Frames first = slices.get(0).frames();
        short[] sound;
        try (FrameReader reader = new FrameReader()) { // before memory is taken for all
            sound = reader.read(slices.get(0), new short[0]);
        }
        Shape3 shape = new Shape3(first.shape().columns(), first.shape().rows(), slices.size());
        float[] voxels = new float[(int) shape.voxels()];
        if (slices.size() == 1) {
            put(slices, new short[][] {sound}, shape, 0, voxels);
            return voxels;
        }
        int together = Math.max(1, Math.min(Math.min(SLICES, slices.size()), MOST / first.size()));
        int blocks = (slices.size() + together - 1) / together;
        try {
            ParallelRange.each(blocks, threads, () -> {
                short[][] samples = new short[together][0];
                return block -> {
                    int from = block * together;
                    int to = Math.min(slices.size(), from + together);
                    try {
                        block(slices.subList(from, to), samples, shape, from, voxels);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        EvenGrid grid = stack.resampled();
        return grid == null ? voxels : grid.resample(voxels);
    }

    private static void block(List<Slice> slices, short[][] samples, Shape3 shape, int from, float[] voxels)
            throws IOException {
        try (FrameReader reader = new FrameReader()) {
            for (int s = 0; s < slices.size(); s++) {
                samples[s] = reader.read(slices.get(s), samples[s]);
            }
        }
        put(slices, samples, shape, from, voxels);
    }

    private static void put(List<Slice> slices, short[][] samples, Shape3 shape, int from, float[] voxels) {
        int count = slices.size();
        double[] slope = slices.stream().mapToDouble(Slice::slope).toArray();
        double[] intercept = slices.stream().mapToDouble(Slice::intercept).toArray();
        int[] mask = slices.stream().mapToInt(StackVoxels::mask).toArray();
        for (int y = 0; y < shape.y(); y++) {
            for (int x = 0; x < shape.x(); x++) {
                int at = y * shape.x() + x;
                int to = shape.index(x, y, from);
                for (int s = 0; s < count; s++) {
                    voxels[to + s] = (float) ((samples[s][at] & mask[s]) * slope[s] + intercept[s]);
                }
            }
        }
    }

    private static int mask(Slice slice) {
        return slice.frames().shape().signed() ? -1 : 0xffff;
    }

    /** Shows slices one after the other, with the memory of one where they are taken as they are. */
    static void visit(Stack stack, int threads, Stack.Visitor visitor) throws IOException {
        Shape3 shape = stack.shape();
        if (stack.resampled() != null) {
            float[] voxels = read(stack, threads);
            float[] values = new float[shape.x() * shape.y()];
            for (int z = 0; z < shape.z(); z++) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = voxels[shape.index(i % shape.x(), i / shape.x(), z)];
                }
                if (!visitor.visit(values)) {
                    return;
                }
            }
            return;
        }
        short[] samples = new short[0];
        float[] values = new float[0];
        try (FrameReader reader = new FrameReader()) {
            for (Slice slice : stack.slices()) {
                samples = reader.read(slice, samples);
                values = values.length == 0 ? new float[shape.x() * shape.y()] : values;
                int mask = mask(slice);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) ((samples[i] & mask) * slice.slope() + slice.intercept());
                }
                if (!visitor.visit(values)) {
                    return;
                }
            }
        }
    }
}
