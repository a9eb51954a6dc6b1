package org.voco4j.volume.format.dicom.codec;

/**
 * A scan of lossless JPEG (T.81 annex H): a sample is what its neighbours predict plus a coded difference, modulo 2^16.
 *
 * <p>With a to the left of a sample, b above it and c above a, predictors 1 to 7 are a, b, c, a + b − c, a + (b − c) / 2,
 * b + (a − c) / 2 and (a + b) / 2. In the first row after a start or restart it is a, at the beginning of others b, and
 * for the very first sample half of the range.
 */
final class LosslessScan {
    private final JpegScan scan;
    private final FrameShape shape;
    private final short[] samples;
    private final HuffmanTable[] codes;
    private final int first;
    private final int mask;

    LosslessScan(JpegFrame frame, JpegScan scan, JpegTables tables, FrameShape shape, short[] samples)
            throws FrameException {
        this.scan = scan;
        this.shape = shape;
        this.samples = samples;
        codes = new HuffmanTable[scan.components().length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = tables.differences(scan.tables()[i]);
            JpegFrame.Component component = scan.component(frame, i);
            if (shape.samplesPerPixel() > 1 && (component.across() != 1 || component.down() != 1)) {
                throw new FrameException("components of full resolution in lossless JPEG", "others");
            }
        }
        if (scan.first() < 1 || scan.first() > 7) {
            throw new FrameException("a predictor of 1 to 7", Integer.toString(scan.first()));
        }
        if (scan.shift() >= frame.precision()) {
            throw new FrameException("a point transform below " + frame.precision(), Integer.toString(scan.shift()));
        }
        first = 1 << (frame.precision() - scan.shift() - 1);
        mask = (1 << frame.precision()) - 1;
    }

    void decode(ByteInput in, int restart) throws FrameException {
        int columns = shape.columns();
        if (restart % columns != 0) {
            throw new FrameException("restarts after whole rows of " + columns, "one after " + restart + " samples");
        }
        int rows = restart == 0 ? shape.rows() : restart / columns;
        RestartIntervals intervals = new RestartIntervals(in);
        int components = codes.length;
        // a row and the one above, of each component, each with room for a sample before its first
        int[][] above = new int[components][columns + 1];
        int[][] row = new int[components][columns + 1];
        for (int from = 0; from < shape.rows(); from += rows) {
            JpegBits bits = intervals.next();
            for (int y = from; y < Math.min(from + rows, shape.rows()); y++) {
                for (int i = 0; i < components; i++) {
                    row[i][0] = y == from ? first : above[i][1];
                }
                differences(bits, row);
                for (int i = 0; i < components; i++) {
                    add(row[i], above[i], y == from ? 1 : scan.first());
                    put(row[i], y, scan.components()[i]);
                }
                bits.requireWithin();
                int[][] spare = above;
                above = row;
                row = spare;
            }
        }
    }

    /** The differences of a row, from 1 on. */
    private void differences(JpegBits bits, int[][] row) throws FrameException {
        for (int x = 1; x <= shape.columns(); x++) {
            for (int i = 0; i < codes.length; i++) {
                row[i][x] = bits.difference(codes[i]);
            }
        }
    }

    /** Adds what is predicted to differences; before the first sample lies what predicts that. */
    private static void add(int[] row, int[] above, int predictor) {
        int a = row[0];
        row[1] = a = (a + row[1]) & 0xffff;
        for (int x = 2; x < row.length; x++) {
            int b = above[x];
            int c = above[x - 1];
            int predicted = switch (predictor) {
                case 1 -> a;
                case 2 -> b;
                case 3 -> c;
                case 4 -> a + b - c;
                case 5 -> a + ((b - c) >> 1);
                case 6 -> b + ((a - c) >> 1);
                default -> (a + b) >> 1;
            };
            a = (predicted + row[x]) & 0xffff;
            row[x] = a;
        }
    }

    private void put(int[] row, int y, int component) {
        int step = shape.samplesPerPixel();
        int at = y * shape.columns() * step + component;
        for (int x = 1; x < row.length; x++, at += step) {
            samples[at] = (short) ((row[x] << scan.shift()) & mask);
        }
    }
}
