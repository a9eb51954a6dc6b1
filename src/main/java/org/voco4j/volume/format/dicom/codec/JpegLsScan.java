package org.voco4j.volume.format.dicom.codec;

/** A scan of JPEG-LS (T.87 annexes A and B): samples one by one, or in runs where their neighbours are alike. */
final class JpegLsScan {
    /** J: by how often runs have gone on, the binary logarithm of what one bit of a run stands for. */
    private static final int[] RUN_BITS = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    private final JpegBits bits;
    private final JpegLsModel model;
    private final FrameShape shape;
    private final short[] samples;
    private final int[] components;
    private final int[] indices; // of runs, for each component

    // a row and the one above, of each component, with one more sample at either end
    private int[][] above;
    private int[][] row;

    JpegLsScan(JpegBits bits, JpegLsModel model, FrameShape shape, short[] samples, int[] components) {
        this.bits = bits;
        this.model = model;
        this.shape = shape;
        this.samples = samples;
        this.components = components;
        indices = new int[components.length];
        above = new int[components.length][shape.columns() + 2];
        row = new int[components.length][shape.columns() + 2];
    }

    void decode(boolean bySamples) throws FrameException {
        int columns = shape.columns();
        for (int y = 0; y < shape.rows(); y++) {
            for (int i = 0; i < components.length; i++) {
                row[i][0] = above[i][1];
                above[i][columns + 1] = above[i][columns];
                if (!bySamples) {
                    line(row[i], above[i], i);
                }
            }
            if (bySamples) {
                lines();
            }
            bits.requireWithin();
            for (int i = 0; i < components.length; i++) {
                put(row[i], y, components[i]);
            }
            int[][] spare = above;
            above = row;
            row = spare;
        }
    }

    /** A row of one component. */
    private void line(int[] row, int[] above, int i) throws FrameException {
        int x = 1;
        while (x < row.length - 1) {
            int context = context(row, above, x);
            if (context != 0) {
                row[x] = model.sample(bits, context, row[x - 1], above[x], above[x - 1]);
                x++;
                continue;
            }
            int end = x + run(row.length - 1 - x, i);
            for (int value = row[x - 1]; x < end; x++) {
                row[x] = value;
            }
            if (x < row.length - 1) {
                int type = model.alike(row[x - 1], above[x]) ? 1 : 0;
                row[x] = model.afterRun(bits, row[x - 1], above[x], type, runBits(i));
                x++;
            }
        }
    }

    /** A row of all components, pixel by pixel: a run is one of all of them. */
    private void lines() throws FrameException {
        int columns = shape.columns();
        int x = 1;
        while (x <= columns) {
            boolean begins = true;
            for (int i = 0; i < components.length && begins; i++) {
                begins = context(row[i], above[i], x) == 0;
            }
            int length = begins ? run(columns + 1 - x, 0) : 0;
            for (int end = x + length; x < end; x++) {
                for (int[] component : row) {
                    component[x] = component[x - 1];
                }
            }
            if (x > columns) {
                return;
            }
            int taken = begins ? runBits(0) : 0;
            for (int i = 0; i < components.length; i++) {
                int a = row[i][x - 1];
                int b = above[i][x];
                row[i][x] = begins
                        ? model.afterRun(bits, a, b, 0, taken)
                        : model.sample(bits, context(row[i], above[i], x), a, b, above[i][x - 1]);
            }
            x++;
        }
    }

    private int context(int[] row, int[] above, int x) {
        int b = above[x];
        int c = above[x - 1];
        return model.context(above[x + 1] - b, b - c, c - row[x - 1]);
    }

    /** How many samples a run has, at most those of the rest of the row (T.87 section A.7.1). */
    private int run(int most, int i) throws FrameException {
        int length = 0;
        while (length < most && bits.take(1) == 1) {
            int step = 1 << RUN_BITS[indices[i]];
            length += step;
            if (length <= most) {
                indices[i] = Math.min(indices[i] + 1, RUN_BITS.length - 1);
            }
        }
        if (length >= most) {
            return most;
        }
        length += bits.take(RUN_BITS[indices[i]]);
        if (length >= most) {
            throw new FrameException("a run within its row", "a longer one");
        }
        return length;
    }

    /** What the run that has just ended took of the longest code; the next will begin with shorter steps. */
    private int runBits(int i) {
        int taken = RUN_BITS[indices[i]];
        indices[i] = Math.max(indices[i] - 1, 0);
        return taken;
    }

    private void put(int[] row, int y, int component) {
        int step = shape.samplesPerPixel();
        int at = y * shape.columns() * step + component;
        for (int x = 1; x < row.length - 1; x++, at += step) {
            samples[at] = (short) row[x];
        }
    }
}
