package org.voco4j.volume.format.dicom.codec;

/** Numbers on a grid, told by the least of all, of each quarter, of each quarter of those, … (T.800 section B.10.2). */
final class TagTree {
    private final int levels;
    private final int[] widths; // by level, from the grid itself on
    private final int[] starts;
    private final int[] least; // what numbers are at least
    private final boolean[] known; // whether they are just that

    TagTree(int width, int height) {
        levels = width == 0 || height == 0 ? 0 : 33 - Integer.numberOfLeadingZeros(Math.max(width, height) - 1);
        widths = new int[levels];
        starts = new int[levels];
        int nodes = 0;
        int w = width;
        int h = height;
        for (int level = 0; level < levels; level++) {
            widths[level] = w;
            starts[level] = nodes;
            nodes += w * h;
            w = (w + 1) / 2;
            h = (h + 1) / 2;
        }
        least = new int[nodes];
        known = new boolean[nodes];
    }

    /** Whether the number of a cell is below a bound; reads as many bits as that takes. */
    boolean isBelow(int x, int y, int bound, J2kBits bits) throws FrameException {
        int from = 0;
        int node = 0;
        for (int level = levels - 1; level >= 0; level--) {
            node = starts[level] + (y >> level) * widths[level] + (x >> level);
            least[node] = Math.max(least[node], from);
            while (!known[node] && least[node] < bound) {
                if (bits.bit() == 1) {
                    known[node] = true;
                } else {
                    least[node]++;
                }
            }
            from = least[node];
        }
        return known[node] && least[node] < bound;
    }
}
