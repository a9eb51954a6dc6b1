package org.voco4j.volume.format.dicom.codec;

/**
 * The inverse wavelet transform of a rectangle of a grid (T.800 annex F), in place: at each level, coefficients lie where
 * the samples will be that are made of them, those of low frequencies at even places.
 *
 * <p>Whole numbers of the 5-3 transform stay below 2^24, and so exact.
 */
final class Wavelet {
    private static final float ALPHA = -1.5861343f;
    private static final float BETA = -0.052980117f;
    private static final float GAMMA = 0.8829111f;
    private static final float DELTA = 0.44350687f;
    private static final float K = 1.2301741f;

    /** 1 / K, less 3e-5 of it as OpenJPEG has it: samples are the same as in most programs. */
    private static final float INVERSE_K = 1.6257324f / 2;

    private final float[] values;
    private final int width;
    private final int height;
    private final int x0;
    private final int y0;
    private final boolean reversible;

    Wavelet(float[] values, int width, int height, int x0, int y0, boolean reversible) {
        this.values = values;
        this.width = width;
        this.height = height;
        this.x0 = x0;
        this.y0 = y0;
        this.reversible = reversible;
    }

    /** Undoes some levels, from the lowest resolution on. */
    void inverse(int levels) {
        for (int level = levels - 1; level >= 0; level--) {
            Axis columns = Axis.of(x0, width, level);
            Axis rows = Axis.of(y0, height, level);
            for (int y = 0; y < rows.count; y++) {
                alongRow(rows.place(y) * width, columns);
            }
            acrossRows(columns, rows);
        }
    }

    /**
     * The places of one level along an axis.
     *
     * @param first the first of them
     * @param step from one to the next
     * @param count how many there are
     * @param odd 1 if the first is one of high frequencies
     */
    private record Axis(int first, int step, int count, int odd) {
        static Axis of(int from, int length, int level) {
            int low = J2kBand.halved(from, level);
            int count = J2kBand.halved(from + length, level) - low;
            return new Axis(count == 0 ? 0 : (low << level) - from, 1 << level, count, low & 1);
        }

        int place(int i) {
            return first + i * step;
        }

        /** A neighbour, mirrored at the ends. */
        int mirrored(int i) {
            return place(i < 0 ? -i : i < count ? i : 2 * count - 2 - i);
        }
    }

    private void alongRow(int row, Axis axis) {
        if (axis.count == 1) {
            alone(row + axis.first, axis.odd);
            return;
        }
        if (reversible) {
            alongRow(row, axis, 0, 0);
            alongRow(row, axis, 1, 0);
            return;
        }
        for (int i = 0; i < axis.count; i++) {
            values[row + axis.place(i)] *= (i + axis.odd & 1) == 0 ? K : INVERSE_K;
        }
        alongRow(row, axis, 0, DELTA);
        alongRow(row, axis, 1, GAMMA);
        alongRow(row, axis, 0, BETA);
        alongRow(row, axis, 1, ALPHA);
    }

    /** One step of lifting: numbers at even or odd places change by what lies on either side. */
    private void alongRow(int row, Axis axis, int odd, float factor) {
        for (int i = odd ^ axis.odd; i < axis.count; i += 2) {
            int at = row + axis.place(i);
            values[at] = lifted(
                    values[at], values[row + axis.mirrored(i - 1)], values[row + axis.mirrored(i + 1)], odd, factor);
        }
    }

    private void acrossRows(Axis columns, Axis rows) {
        if (rows.count == 1) {
            for (int x = 0; x < columns.count; x++) {
                alone(rows.first * width + columns.place(x), rows.odd);
            }
            return;
        }
        if (reversible) {
            acrossRows(columns, rows, 0, 0);
            acrossRows(columns, rows, 1, 0);
            return;
        }
        for (int y = 0; y < rows.count; y++) {
            float factor = (y + rows.odd & 1) == 0 ? K : INVERSE_K;
            for (int x = 0, at = rows.place(y) * width + columns.first; x < columns.count; x++, at += columns.step) {
                values[at] *= factor;
            }
        }
        acrossRows(columns, rows, 0, DELTA);
        acrossRows(columns, rows, 1, GAMMA);
        acrossRows(columns, rows, 0, BETA);
        acrossRows(columns, rows, 1, ALPHA);
    }

    private void acrossRows(Axis columns, Axis rows, int odd, float factor) {
        for (int y = odd ^ rows.odd; y < rows.count; y += 2) {
            int at = rows.place(y) * width;
            int above = rows.mirrored(y - 1) * width;
            int below = rows.mirrored(y + 1) * width;
            for (int x = 0, i = columns.first; x < columns.count; x++, i += columns.step) {
                values[at + i] = lifted(values[at + i], values[above + i], values[below + i], odd, factor);
            }
        }
    }

    private float lifted(float value, float before, float after, int odd, float factor) {
        if (!reversible) {
            return value - factor * (before + after);
        }
        int sum = (int) before + (int) after;
        return odd == 0 ? value - ((sum + 2) >> 2) : value + (sum >> 1);
    }

    /** A number that is alone along an axis stays, or is twice what it stands for. */
    private void alone(int at, int odd) {
        if (odd == 1) {
            values[at] = reversible ? (int) values[at] >> 1 : values[at] / 2;
        }
    }
}
