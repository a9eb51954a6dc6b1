package org.voco4j.pretext.part;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import org.voco4j.engine.tensor.Rows;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Puzzles of a scan: a random region, cut into a grid of cells, which are put in one of K orders. */
public final class Puzzles {
    private final Shape3 region;
    private final Shape3 grid;
    private final double gap;
    private final int[][] orders;

    /**
     * A puzzle.
     *
     * @param pieces where the pieces lie in the scan, place after place
     * @param order the number of their order
     */
    public record Puzzle(List<Box> pieces, int order) {}

    /**
     * Puzzles of one kind.
     *
     * @param region how often the region goes into the scan along each axis
     * @param grid cells along each axis of the region
     * @param gap share of a cell's edge that is left out
     * @param orders K
     */
    public Puzzles(Shape3 region, Shape3 grid, double gap, int orders) {
        this.region = region;
        this.grid = grid;
        this.gap = gap;
        this.orders = Orders.of((int) grid.voxels(), orders);
    }

    /**
     * Refuses keys of a recipe that make no puzzle, or no head that solves it.
     *
     * @throws IllegalArgumentException with the key
     */
    public static void require(Shape3 grid, double gap, int orders, int puzzles, int features, int hidden) {
        if (puzzles < 1 || features < 1 || hidden < 1) {
            throw new IllegalArgumentException("pretext.puzzles, features and hidden must be at least 1, not " + puzzles
                    + ", " + features + " and " + hidden);
        }
        if (grid.voxels() < 2 || grid.voxels() > Orders.MOST_CELLS) {
            throw new IllegalArgumentException(
                    "pretext.grid must make 2 to " + Orders.MOST_CELLS + " cells, not " + grid.voxels());
        }
        if (!(gap >= 0 && gap < 1)) {
            throw new IllegalArgumentException("pretext.gap must lie in [0, 1), not " + gap);
        }
        int most = Orders.count((int) grid.voxels());
        if (orders < 2 || orders > most) {
            throw new IllegalArgumentException("pretext.orders must lie in 2 to " + most + ", not " + orders);
        }
    }

    /**
     * Refuses cells of less than 2 voxels.
     *
     * @param volume the size that scans are brought to
     * @throws IllegalArgumentException with the key
     */
    public static void requireCells(Shape3 volume, Shape3 region, Shape3 grid) {
        Shape3 size = RandomCrop.size(volume, region);
        for (int axis = 0; axis < 3; axis++) {
            if (size.along(axis) < 2 * grid.along(axis) && grid.along(axis) > 1) {
                throw new IllegalArgumentException(
                        "pretext.grid " + grid + " leaves cells of a region of " + size + " less than 2 voxels");
            }
        }
    }

    /** Pieces of a puzzle. */
    int cells() {
        return orders[0].length;
    }

    /** K. */
    int orders() {
        return orders.length;
    }

    /** A random puzzle of a scan of that size. */
    public Puzzle draw(Shape3 scan, SplittableRandom random) {
        Box box = RandomCrop.sample(scan, region, random);
        List<Box> cells = cells(box.shape()).drawn(box, random);
        int order = random.nextInt(orders.length);
        return new Puzzle(Arrays.stream(orders[order]).mapToObj(cells::get).toList(), order);
    }

    /**
     * How often the order comes out right by matching alone: each piece costs its distance from what lies in a cell of a like
     * puzzle, and the order with the smallest sum is taken.
     *
     * <pre>  k = argmin_k Σ_j d(piece_j, cell_{order_k(j)}) </pre>
     *
     * @param pieces [B·m, 1, X, Y, Z], puzzle after puzzle
     * @param like the pieces of the like puzzles, in the same orders
     * @param right [B, K], 1 at the right order
     * @param distance of a piece from a like one
     */
    public double matched(Tensor pieces, Tensor like, Tensor right, ToDoubleBiFunction<float[], float[]> distance) {
        Choice choice = new Choice(orders.length);
        float[] rows = right.toFloats();
        float[][] voxels = Rows.of(pieces.reshape(pieces.size(0), -1));
        float[][] others = Rows.of(like.reshape(pieces.size(0), -1));
        int places = orders[0].length;
        int puzzles = voxels.length / places;
        int solved = 0;
        for (int p = 0; p < puzzles; p++) {
            int order = choice.of(rows, p);
            double[][] costs = new double[places][places]; // of the piece at a place, by cell
            for (int j = 0; j < places; j++) {
                for (int i = 0; i < places; i++) {
                    costs[j][orders[order][i]] = distance.applyAsDouble(voxels[p * places + j], others[p * places + i]);
                }
            }
            solved += cheapest(costs) == order ? 1 : 0;
        }
        return (double) solved / puzzles;
    }

    private int cheapest(double[][] costs) {
        int cheapest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < orders.length; k++) {
            double sum = 0;
            for (int j = 0; j < costs.length; j++) {
                sum += costs[j][orders[k][j]];
            }
            if (sum < least) {
                least = sum;
                cheapest = k;
            }
        }
        return cheapest;
    }

    private Cells cells(Shape3 box) {
        return new Cells(grid, gap(box.x(), grid.x()), gap(box.y(), grid.y()), gap(box.z(), grid.z()));
    }

    private int gap(int edge, int cells) {
        int place = edge / cells;
        return (int) (gap * place);
    }
}
