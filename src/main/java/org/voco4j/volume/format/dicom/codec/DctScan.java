package org.voco4j.volume.format.dicom.codec;

import java.util.Arrays;

/**
 * A scan of sequential JPEG (T.81 annex F): blocks of 8 x 8 coefficients, those of one component row by row, or those of
 * several in units (MCUs) that cover the same pixels.
 */
final class DctScan {
    private final FrameShape shape;
    private final short[] samples;
    private final Plane[] planes;
    private final InverseDct inverse;
    private final int[] block = new int[64];
    private final int unitsAcross;
    private final int unitsDown;

    DctScan(JpegFrame frame, JpegScan scan, JpegTables tables, FrameShape shape, short[] samples)
            throws FrameException {
        this.shape = shape;
        this.samples = samples;
        inverse = new InverseDct(frame.precision());
        int across = 1;
        int down = 1;
        for (JpegFrame.Component component : frame.components()) {
            if (component.across() < 1 || component.across() > 4 || component.down() < 1 || component.down() > 4) {
                throw new FrameException("sampling factors of 1 to 4", component.across() + " and " + component.down());
            }
            across = Math.max(across, component.across());
            down = Math.max(down, component.down());
        }
        planes = new Plane[scan.components().length];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = new Plane(scan, i, scan.component(frame, i), across, down, tables);
        }
        // a scan of one component has no units beyond its own blocks (T.81 section A.2.2)
        unitsAcross = planes.length == 1 ? ceil(planes[0].width, 8) : ceil(shape.columns(), 8 * across);
        unitsDown = planes.length == 1 ? ceil(planes[0].height, 8) : ceil(shape.rows(), 8 * down);
        for (Plane plane : planes) {
            if (planes.length == 1) {
                plane.blocksAcross = 1;
                plane.blocksDown = 1;
            }
            plane.allocate(unitsAcross, unitsDown);
        }
    }

    private static int ceil(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    void decode(ByteInput in, int restart) throws FrameException {
        RestartIntervals intervals = new RestartIntervals(in);
        JpegBits bits = intervals.next();
        int left = restart;
        for (int v = 0; v < unitsDown; v++) {
            for (int u = 0; u < unitsAcross; u++) {
                if (restart > 0 && left-- == 0) {
                    bits.requireWithin();
                    bits = intervals.next();
                    left = restart - 1;
                    for (Plane plane : planes) {
                        plane.mean = 0;
                    }
                }
                for (Plane plane : planes) {
                    plane.unit(bits, u, v);
                }
            }
            bits.requireWithin();
        }
        for (Plane plane : planes) {
            plane.put();
        }
    }

    /** What a scan decodes of one component: its samples at its own resolution, whole blocks of them. */
    private final class Plane {
        private final int component;
        private final HuffmanTable differences;
        private final HuffmanTable coefficients;
        private final int[] factors;
        private final int across; // pixels of the frame along a row are (x · its own factor) / the largest
        private final int down;
        private final int mostAcross;
        private final int mostDown;
        private final int width;
        private final int height;
        private int blocksAcross; // of a unit
        private int blocksDown;
        private int stride;
        private short[] decoded = new short[0];
        private int mean; // 8 times that of the block before

        Plane(JpegScan scan, int i, JpegFrame.Component component, int mostAcross, int mostDown, JpegTables tables)
                throws FrameException {
            this.component = scan.components()[i];
            this.mostAcross = mostAcross;
            this.mostDown = mostDown;
            differences = tables.differences(scan.tables()[i]);
            coefficients = tables.coefficients(scan.tables()[i]);
            factors = tables.factors(component.table());
            across = component.across();
            down = component.down();
            width = ceil(shape.columns() * across, mostAcross);
            height = ceil(shape.rows() * down, mostDown);
            blocksAcross = across;
            blocksDown = down;
        }

        void allocate(int unitsAcross, int unitsDown) {
            stride = unitsAcross * blocksAcross * 8;
            decoded = new short[stride * unitsDown * blocksDown * 8];
        }

        void unit(JpegBits bits, int u, int v) throws FrameException {
            for (int y = v * blocksDown; y < (v + 1) * blocksDown; y++) {
                for (int x = u * blocksAcross; x < (u + 1) * blocksAcross; x++) {
                    coefficients(bits);
                    inverse.transform(block, decoded, y * 8 * stride + x * 8, stride);
                }
            }
        }

        /** Decodes the coefficients of a block (T.81 section F.2.2) and multiplies them by their factors. */
        private void coefficients(JpegBits bits) throws FrameException {
            Arrays.fill(block, 0);
            mean += bits.difference(differences);
            block[0] = mean * factors[0];
            for (int n = 1; n < 64; n++) {
                int symbol = bits.symbol(coefficients);
                int category = symbol & 15;
                n += symbol >> 4;
                if (category == 0) {
                    if (symbol != 0xf0) {
                        return; // the end of the block
                    }
                } else if (n > 63) {
                    throw new FrameException("64 coefficients in a block", "more");
                } else {
                    block[JpegTables.place(n)] = bits.extended(category) * factors[n];
                }
            }
        }

        void put() {
            int step = shape.samplesPerPixel();
            int at = component;
            for (int y = 0; y < shape.rows(); y++) {
                int row = y * down / mostDown * stride;
                for (int x = 0; x < shape.columns(); x++, at += step) {
                    samples[at] = decoded[row + x * across / mostAcross];
                }
            }
        }
    }
}
