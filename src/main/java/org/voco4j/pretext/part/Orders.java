package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Orders of cells that differ in as many places as can be: the identity first, then greedily the permutation whose smallest distance to those
 * taken is largest; among equals the one with the largest sum of distances, then the first in lexicographic order.
 */
public final class Orders {
    /** The most cells whose permutations are all looked at, 9! of them. */
    public static final int MOST_CELLS = 9;

    private Orders() {}

    /** n!. */
    public static int count(int cells) {
        int count = 1;
        for (int i = 2; i <= cells; i++) {
            count *= i;
        }
        return count;
    }

    /**
     * K orders of cells; piece j of a puzzle is cell order[j].
     *
     * @throws IllegalArgumentException if there are more than 9 cells, or fewer permutations than K
     */
    public static int[][] of(int cells, int count) {
        if (cells > MOST_CELLS || count > count(cells)) {
            throw new IllegalArgumentException(count + " orders of " + cells + " cells: there are "
                    + (cells > MOST_CELLS ? "too many to choose from" : "only " + count(cells)));
        }
        List<int[]> all = new ArrayList<>();
        permute(new int[cells], 0, new boolean[cells], all);
        int[] smallest = new int[all.size()];
        int[] sum = new int[all.size()];
        Arrays.fill(smallest, Integer.MAX_VALUE);
        int[][] taken = new int[count][];
        int next = 0; // the identity
        for (int k = 0; k < count; k++) {
            taken[k] = all.get(next);
            next = 0;
            for (int i = 0; i < smallest.length; i++) {
                int distance = distance(all.get(i), taken[k]);
                smallest[i] = Math.min(smallest[i], distance);
                sum[i] += distance;
                if (smallest[i] > smallest[next] || (smallest[i] == smallest[next] && sum[i] > sum[next])) {
                    next = i;
                }
            }
        }
        return taken;
    }

    /** In how many places two orders differ (Hamming). */
    public static int distance(int[] a, int[] b) {
        int places = 0;
        for (int i = 0; i < a.length; i++) {
            places += a[i] == b[i] ? 0 : 1;
        }
        return places;
    }

    /** All permutations in lexicographic order. */
    private static void permute(int[] order, int place, boolean[] used, List<int[]> all) {
        if (place == order.length) {
            all.add(order.clone());
            return;
        }
        for (int cell = 0; cell < order.length; cell++) {
            if (!used[cell]) {
                used[cell] = true;
                order[place] = cell;
                permute(order, place + 1, used, all);
                used[cell] = false;
            }
        }
    }
}
