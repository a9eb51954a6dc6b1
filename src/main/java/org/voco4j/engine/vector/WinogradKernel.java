package org.voco4j.engine.vector;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of kernel 3 and stride 1 in three dimensions, with zeros beside the map, by minimal filtering: 64 products of a
 * map's and a weight's number make 2x2x2 voxels, instead of 216.
 *
 * <pre>
 *   y = Aᵀ[(G·g) ∘ (Bᵀ·d)]  along each axis, summed over the channels of the map between Bᵀ and Aᵀ
 *
 *        1  0 −1  0            1  0  0
 *   Bᵀ = 0  1  1  0      G =   ½  ½  ½      Aᵀ = 1  1  1  0
 *        0 −1  1  0            ½ −½  ½           0  1 −1 −1
 *        0  1  0 −1            0  0  1
 * </pre>
 *
 * <p>d are the 4x4x4 voxels of the map around 2x2x2 of the result, g is the weight. Lavin and Gray, Fast Algorithms for
 * Convolutional Neural Networks (CVPR 2016), section 4.1, F(2, 3) in each of three dimensions.
 *
 * <p>Maps are given sample by sample, each as [X, Y, Z, C]. Threads share out pairs of rows of the result; every number is
 * summed in one order, so that they change no bit.
 */
public final class WinogradKernel {
    private static final int POINTS = 64; // products for 2x2x2 voxels
    private static final int TILES = 16; // of 2x2x2 voxels along Z that are done together, and stay in the cache

    private final int in;
    private final int out;
    private final float[] weight; // [4, 4, 4, in, out]
    private final float @Nullable [] bias;

    /**
     * A kernel.
     *
     * @param in channels of the map, a number that it {@link #takes}
     * @param out channels of the result, likewise
     * @param weight g, [3, 3, 3, in, out]
     * @param bias [out], or null for none
     */
    public WinogradKernel(int in, int out, float[] weight, float @Nullable [] bias) {
        this.in = in;
        this.out = out;
        this.bias = bias;
        this.weight = transformed(weight, in * out);
    }

    /** Whether maps and results may have so many channels: whole vectors, two or more. */
    public static boolean takes(long channels) {
        return channels % Lanes.COUNT == 0 && channels / Lanes.COUNT >= 2;
    }

    private static float[] transformed(float[] weight, int each) {
        float[] alongZ = new float[9 * 4 * each];
        for (int xy = 0; xy < 9; xy++) {
            WinogradLanes.ofWeight(weight, xy * 3 * each, each, alongZ, xy * 4 * each, each, each);
        }
        float[] alongY = new float[3 * 16 * each];
        for (int x = 0; x < 3; x++) {
            WinogradLanes.ofWeight(alongZ, x * 12 * each, 4 * each, alongY, x * 16 * each, 4 * each, 4 * each);
        }
        float[] all = new float[POINTS * each];
        WinogradLanes.ofWeight(alongY, 0, 16 * each, all, 0, 16 * each, 16 * each);
        return all;
    }

    /**
     * Convolves.
     *
     * @param x each sample, [X, Y, Z, in]
     * @param y each sample, [X, Y, Z, out], written
     * @param threads that may work, this one among them
     */
    public void apply(List<FloatBuffer> x, List<FloatBuffer> y, int sizeX, int sizeY, int sizeZ, int threads) {
        int perPlane = (sizeY + 1) / 2;
        int pairs = (sizeX + 1) / 2 * perPlane;
        Shares.run(x.size() * pairs, threads, () -> {
            Rows rows = new Rows(sizeX, sizeY, sizeZ);
            return part -> rows.make(
                    x.get(part / pairs), y.get(part / pairs), part % pairs / perPlane * 2, part % pairs % perPlane * 2);
        });
    }

    /** Two by two rows of the result along Z, with the memory for it, so of one thread only. */
    private final class Rows {
        private final int sizeX;
        private final int sizeY;
        private final int sizeZ;
        private final float[] map = new float[16 * (2 * TILES + 2) * in]; // [4, 4, z, in]
        private final float[] values = new float[POINTS * TILES * in]; // [4, 4, 4, tile, in]
        private final float[] products = new float[POINTS * TILES * out]; // [4, 4, 4, tile, out]
        private final float[] rows = new float[16 * 2 * TILES * out]; // [4, 4, z, out], then [2, 2, z, out] of it

        Rows(int sizeX, int sizeY, int sizeZ) {
            this.sizeX = sizeX;
            this.sizeY = sizeY;
            this.sizeZ = sizeZ;
        }

        void make(FloatBuffer from, FloatBuffer to, int x, int y) {
            for (int z = 0; z < sizeZ; z += 2 * TILES) {
                int tiles = Math.min(TILES, (sizeZ - z + 1) / 2);
                read(from, x - 1, y - 1, z - 1, 2 * tiles + 2);
                transform(tiles);
                multiply(tiles);
                turnBack(tiles);
                write(to, x, y, z, Math.min(2 * tiles, sizeZ - z));
            }
        }

        /** 4x4 rows of the map, zeros beside it. */
        private void read(FloatBuffer from, int x0, int y0, int z0, int length) {
            int first = Math.max(z0, 0);
            int end = Math.min(z0 + length, sizeZ);
            for (int row = 0; row < 16; row++) {
                int at = row * length * in;
                int x = x0 + row / 4;
                int y = y0 + row % 4;
                if (x < 0 || x >= sizeX || y < 0 || y >= sizeY) {
                    Arrays.fill(map, at, at + length * in, 0);
                } else {
                    Arrays.fill(map, at, at + (first - z0) * in, 0);
                    from.get(((x * sizeY + y) * sizeZ + first) * in, map, at + (first - z0) * in, (end - first) * in);
                    Arrays.fill(map, at + (end - z0) * in, at + length * in, 0);
                }
            }
        }

        /** Bᵀ·d: along X and Y at once for all tiles, whose voxels along Z overlap, then along Z. */
        private void transform(int tiles) {
            int row = (2 * tiles + 2) * in;
            for (int y = 0; y < 4; y++) {
                WinogradLanes.ofMap(map, y * row, 4 * row, map, y * row, 4 * row, row);
            }
            for (int x = 0; x < 4; x++) {
                WinogradLanes.ofMap(map, 4 * x * row, row, map, 4 * x * row, row, row);
            }
            for (int xy = 0; xy < 16; xy++) {
                for (int tile = 0; tile < tiles; tile++) {
                    int at = (xy * 4 * TILES + tile) * in;
                    WinogradLanes.ofMap(map, xy * row + 2 * tile * in, in, values, at, TILES * in, in);
                }
            }
        }

        private void multiply(int tiles) {
            int vectors = out / Lanes.COUNT;
            int threes = vectors % 3 == 1 ? vectors / 3 - 1 : vectors / 3;
            for (int point = 0; point < POINTS; point++) {
                int of = point * in * out;
                for (int tile = 0; tile < tiles; tile += WinogradLanes.ROWS) {
                    int from = (point * TILES + tile) * in;
                    int to = (point * TILES + tile) * out;
                    int column = 0;
                    for (; column < 3 * threes * Lanes.COUNT; column += 3 * Lanes.COUNT) {
                        WinogradLanes.products3(values, from, in, weight, of + column, out, products, to + column);
                    }
                    for (; column < out; column += 2 * Lanes.COUNT) {
                        WinogradLanes.products2(values, from, in, weight, of + column, out, products, to + column);
                    }
                }
            }
            if (bias != null) { // what is added to the point (1, 1, 1) gets to each of the 2x2x2 voxels once
                for (int tile = 0; tile < tiles; tile++) {
                    WinogradLanes.add(products, ((16 + 4 + 1) * TILES + tile) * out, bias);
                }
            }
        }

        /** Aᵀ of the products, which leaves rows of the result in [2, 2] of {@link #rows}. */
        private void turnBack(int tiles) {
            int row = 2 * tiles * out;
            for (int xy = 0; xy < 16; xy++) {
                for (int tile = 0; tile < tiles; tile++) {
                    int at = (xy * 4 * TILES + tile) * out;
                    WinogradLanes.ofProducts(products, at, TILES * out, rows, xy * row + 2 * tile * out, out, out);
                }
            }
            for (int x = 0; x < 4; x++) {
                WinogradLanes.ofProducts(rows, 4 * x * row, row, rows, 4 * x * row, row, row);
            }
            for (int y = 0; y < 2; y++) {
                WinogradLanes.ofProducts(rows, y * row, 4 * row, rows, y * row, 4 * row, row);
            }
        }

        private void write(FloatBuffer to, int x0, int y0, int z0, int length) {
            int tiles = (length + 1) / 2;
            for (int row = 0; row < 4; row++) {
                int x = x0 + row / 2;
                int y = y0 + row % 2;
                if (x < sizeX && y < sizeY) {
                    int from = (4 * (row / 2) + row % 2) * 2 * tiles * out;
                    to.put(((x * sizeY + y) * sizeZ + z0) * out, rows, from, length * out);
                }
            }
        }
    }
}
