package org.voco4j.volume;

/** Quarter turns in a plane of two axes; the affine follows (MONAI {@code Rotate90}, numpy {@code rot90}). */
public final class Rotate90 {
    private Rotate90() {}

    /**
     * Turns by {@code turns} quarter turns from axis {@code from} toward axis {@code to}.
     *
     * @throws IllegalArgumentException if the axes are not two different ones of 0, 1, 2
     */
    public static Volume apply(Volume volume, int turns, int from, int to) {
        if (from == to || from < 0 || to < 0 || from > 2 || to > 2) {
            throw new IllegalArgumentException("a plane is two different axes of 0, 1, 2, not " + from + " and " + to);
        }
        int[] source = {0, 1, 2};
        boolean[] reversed = new boolean[3];
        int quarter = Math.floorMod(turns, 4);
        if (quarter % 2 == 1) {
            source[from] = to;
            source[to] = from;
        }
        reversed[from] = quarter == 1 || quarter == 2;
        reversed[to] = quarter == 2 || quarter == 3;
        return new AxisMap(source, reversed).apply(volume);
    }
}
