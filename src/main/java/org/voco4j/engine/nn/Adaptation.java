package org.voco4j.engine.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Interpolation;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/**
 * Weights of one shape made of weights of another.
 *
 * <pre>
 *   input channels   W_c = Σ_c' W'_c' / C                      c = 1 … C
 *   relative bias    table of (2w − 1)ᵈ places, linear between those of (2w' − 1)ᵈ, corners staying corners
 *   embeddings       linear between the middles of the patches of both grids
 * </pre>
 *
 * <p>The first keeps the response: a scan shown in all C channels gives what it gave when shown in all of the file's.
 */
final class Adaptation {
    private static final String RELATIVE = "relative_position_bias_table";
    private static final String ABSOLUTE = "position_embeddings";
    private static final int FIRST_AXIS = 2; // of a kernel [D, C, k, k(, k)]

    private final LoadRequest request;
    private final int dims;
    private final long theirChannels;

    /**
     * Adaptation of a file to a network.
     *
     * @param kernel the shape of the network's first convolution, which reads the scan; empty if it has none
     * @param kernelInFile that of the file's, empty if it has none
     */
    Adaptation(LoadRequest request, List<Long> kernel, List<Long> kernelInFile) {
        this.request = request;
        dims = Math.max(0, kernel.size() - FIRST_AXIS);
        boolean reads = !kernel.isEmpty() && kernel.get(1) == request.inputChannels();
        theirChannels = reads && isKernel(kernelInFile) ? kernelInFile.get(1) : 0;
    }

    /** Whether a shape is that of a convolution in 2 or 3 dimensions. */
    static boolean isKernel(List<Long> shape) {
        return shape.size() == FIRST_AXIS + 2 || shape.size() == FIRST_AXIS + 3;
    }

    /**
     * What became of a weight.
     *
     * @param values the file's in the network's shape; null if that cannot be
     * @param how it was done, or why it was not; empty if there is nothing to say
     */
    record Outcome(@Nullable Tensor values, String how) {
        static final Outcome NONE = new Outcome(null, "");
    }

    /** Adapts a weight of the file, of floating numbers, to the shape of the network's. */
    Outcome of(String name, Tensor value, List<Long> from, List<Long> to) {
        if (isKernel(to) && differOnlyIn(1, from, to) && from.get(1) == theirChannels) {
            return to.get(1) == request.inputChannels() ? channels(value) : Outcome.NONE;
        }
        if (name.endsWith(RELATIVE) && to.size() == 2 && differOnlyIn(0, from, to)) {
            return table(value, from.get(0), to.get(0));
        }
        if (name.endsWith(ABSOLUTE) && to.size() == 3 && differOnlyIn(1, from, to)) {
            return embeddings(value, from.get(1), to.get(1));
        }
        return Outcome.NONE;
    }

    private static boolean differOnlyIn(int axis, List<Long> a, List<Long> b) {
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = i == axis || a.get(i).equals(b.get(i));
        }
        return same;
    }

    /** [D, C', k, k(, k)] → [D, C, k, k(, k)]. */
    private Outcome channels(Tensor value) {
        int c = request.inputChannels();
        Tensor each = value.sumKeeping(1).times(1.0 / c); // [D, 1, k, k(, k)]
        return new Outcome(
                Tensor.concatenate(Collections.nCopies(c, each), 1),
                "input channels " + theirChannels + " in the file, " + c + " here: their sum divided by " + c
                        + " for each");
    }

    /** [(2w' − 1)ᵈ, heads] → [(2w − 1)ᵈ, heads]. */
    private Outcome table(Tensor value, long from, long to) {
        long[] theirs = cube(from, dims);
        long[] ours = cube(to, dims);
        if (theirs.length == 0 || ours.length == 0 || theirs[0] % 2 == 0 || ours[0] % 2 == 0) {
            return new Outcome(null, "no window with equal edges has a table of so many places");
        }
        Tensor table = places(Interpolation.ofPoints(map(value, theirs), ours));
        return new Outcome(
                table,
                "interpolated from windows of " + (theirs[0] + 1) / 2 + " tokens along each axis to windows of "
                        + (ours[0] + 1) / 2);
    }

    /** [1, N', H] → [1, N, H]. */
    private Outcome embeddings(Tensor value, long from, long to) {
        List<Integer> grid = request.grid();
        if (grid.isEmpty()) {
            return new Outcome(null, "the grid of places to interpolate to is not known");
        }
        long[] ours = grid.stream().mapToLong(Integer::longValue).toArray();
        if (product(ours) != to) {
            throw new IllegalArgumentException("the network has position embeddings for " + to
                    + " places, not for the grid " + grid + " that was named");
        }
        long[] theirs = cube(from, ours.length);
        theirs = theirs.length == 0 ? similar(from, ours) : theirs;
        if (theirs.length == 0) {
            return new Outcome(
                    null, from + " places are neither as many along each axis nor in the proportions of " + text(ours));
        }
        Tensor flat = value.reshape(from, value.size(2)); // [N', H]
        Tensor places = places(Interpolation.ofCells(map(flat, theirs), ours)); // [N, H]
        return new Outcome(
                places.reshape(1, to, value.size(2)), "interpolated from " + text(theirs) + " places to " + text(ours));
    }

    /** [N, H], the last axis of the grid varying fastest, → [1, H, grid]. */
    private static Tensor map(Tensor places, long[] grid) {
        long[] shape = new long[grid.length + 2];
        shape[0] = 1;
        shape[1] = places.size(1);
        System.arraycopy(grid, 0, shape, 2, grid.length);
        return places.transpose(0, 1).reshape(shape);
    }

    /** [1, H, grid] → [N, H]. */
    private static Tensor places(Tensor map) {
        return Rearrange.permute(map.reshape(map.size(1), -1), 1, 0);
    }

    /** d equal edges of so many places; empty if there are none. */
    private static long[] cube(long places, int d) {
        long[] ones = new long[d];
        Arrays.fill(ones, 1);
        return similar(places, ones);
    }

    /** A grid of so many places with the proportions of another; empty if there is none. */
    private static long[] similar(long places, long[] grid) {
        double ratio = Math.pow(places / (double) product(grid), 1.0 / grid.length);
        long[] scaled = new long[grid.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Math.round(grid[i] * ratio);
            if (Math.abs(scaled[i] - grid[i] * ratio) > 1e-6) {
                return new long[0];
            }
        }
        return grid.length > 0 && product(scaled) == places ? scaled : new long[0];
    }

    private static long product(long[] grid) {
        long product = 1;
        for (long edge : grid) {
            product *= edge;
        }
        return product;
    }

    private static String text(long[] grid) {
        return Arrays.stream(grid).mapToObj(Long::toString).collect(Collectors.joining("x"));
    }
}
