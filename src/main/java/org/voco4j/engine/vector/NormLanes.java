package org.voco4j.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link NormKernel} over a block of voxels whose channels lie side by side.
 *
 * <p>Numbers at one place of a period, which is a multiple of C and of the lanes, are of one channel: what belongs to a channel
 * is given, and summed, place by place. A block begins at the start of a period; what follows its last whole one is taken number
 * by number.
 */
final class NormLanes {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private NormLanes() {}

    /** The least common multiple of the channels and the lanes. */
    static int period(int channels) {
        int a = channels;
        int b = LANES;
        while (b != 0) {
            int rest = a % b;
            a = b;
            b = rest;
        }
        return channels / a * LANES;
    }

    private static FloatVector at(float[] values, int i) {
        return FloatVector.fromArray(SPECIES, values, i);
    }

    /** sums[j] = Σ x, over all periods. */
    static void sums(float[] x, int count, int period, float[] sums) {
        int whole = count - count % period;
        for (int j = 0; j < period; j += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = j; i < whole; i += period) {
                sum = sum.add(at(x, i));
            }
            sum.intoArray(sums, j);
        }
        for (int i = whole; i < count; i++) {
            sums[i - whole] += x[i];
        }
    }

    /** sums[j] = Σ (x − middle), squares[j] = Σ (x − middle)². */
    static void moments(float[] x, int count, int period, float[] middle, float[] sums, float[] squares) {
        int whole = count - count % period;
        for (int j = 0; j < period; j += LANES) {
            FloatVector here = at(middle, j);
            FloatVector sum = FloatVector.zero(SPECIES);
            FloatVector square = FloatVector.zero(SPECIES);
            for (int i = j; i < whole; i += period) {
                FloatVector apart = at(x, i).sub(here);
                sum = sum.add(apart);
                square = apart.fma(apart, square);
            }
            sum.intoArray(sums, j);
            square.intoArray(squares, j);
        }
        for (int i = whole; i < count; i++) {
            float apart = x[i] - middle[i - whole];
            sums[i - whole] += apart;
            squares[i - whole] += apart * apart;
        }
    }

    /** x = relu((x − mean)·scale + shift + other), where there is another; the ReLU leaks, and changes nothing with a slope of 1. */
    static void apply(float[] x, boolean added, float[] other, int count, int period, float[][] affine, float slope) {
        float[] mean = affine[0];
        float[] scale = affine[1];
        float[] shift = affine[2];
        int whole = count - count % period;
        for (int j = 0; j < period; j += LANES) {
            FloatVector middle = at(mean, j);
            FloatVector factor = at(scale, j);
            FloatVector start = at(shift, j);
            for (int i = j; i < whole; i += period) {
                FloatVector y = at(x, i).sub(middle).fma(factor, added ? start.add(at(other, i)) : start);
                y.blend(y.mul(slope), y.compare(VectorOperators.LT, 0f)).intoArray(x, i);
            }
        }
        for (int i = whole; i < count; i++) {
            int j = i - whole;
            float y = Math.fma(x[i] - mean[j], scale[j], added ? shift[j] + other[i] : shift[j]);
            x[i] = y < 0 ? y * slope : y;
        }
    }

    /** g = g·slope where y is not above 0. */
    static void backThroughRelu(float[] g, float[] y, int count, float slope) {
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector above = at(g, i);
            above.mul(slope)
                    .blend(above, at(y, i).compare(VectorOperators.GT, 0f))
                    .intoArray(g, i);
        }
        for (int i = whole; i < count; i++) {
            g[i] = y[i] > 0 ? g[i] : g[i] * slope;
        }
    }

    /** sums[j] = Σ g, products[j] = Σ g·(x − mean). */
    static void gradientSums(
            float[] g, float[] x, int count, int period, float[] mean, float[] sums, float[] products) {
        int whole = count - count % period;
        for (int j = 0; j < period; j += LANES) {
            FloatVector middle = at(mean, j);
            FloatVector sum = FloatVector.zero(SPECIES);
            FloatVector product = FloatVector.zero(SPECIES);
            for (int i = j; i < whole; i += period) {
                FloatVector above = at(g, i);
                sum = sum.add(above);
                product = above.fma(at(x, i).sub(middle), product);
            }
            sum.intoArray(sums, j);
            product.intoArray(products, j);
        }
        for (int i = whole; i < count; i++) {
            int j = i - whole;
            sums[j] += g[i];
            products[j] += g[i] * (x[i] - mean[j]);
        }
    }

    /** x = scale·g + slope·(x − mean) + shift. */
    static void gradient(float[] g, float[] x, int count, int period, float[][] affine) {
        float[] mean = affine[0];
        float[] scale = affine[1];
        float[] shift = affine[2];
        float[] slope = affine[3];
        int whole = count - count % period;
        for (int j = 0; j < period; j += LANES) {
            FloatVector middle = at(mean, j);
            FloatVector factor = at(scale, j);
            FloatVector start = at(shift, j);
            FloatVector tilt = at(slope, j);
            for (int i = j; i < whole; i += period) {
                at(g, i).fma(factor, at(x, i).sub(middle).fma(tilt, start)).intoArray(x, i);
            }
        }
        for (int i = whole; i < count; i++) {
            int j = i - whole;
            x[i] = Math.fma(g[i], scale[j], Math.fma(x[i] - mean[j], slope[j], shift[j]));
        }
    }
}
