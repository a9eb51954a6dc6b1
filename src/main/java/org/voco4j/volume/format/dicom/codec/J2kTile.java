package org.voco4j.volume.format.dicom.codec;

import java.util.ArrayList;
import java.util.List;

/** A tile of a JPEG 2000 image: its packets hold blocks of coefficients, which become samples (T.800 annexes B, E to G). */
final class J2kTile {
    private static final int BLOCK = 16; // samples of the smallest: so memory is a few times that of samples
    private static final long PRECINCT = 8; // blocks: what a precinct takes besides its own

    private final J2kSize size;
    private final J2kParameters parameters;
    private final int x0;
    private final int y0;
    private final int width;
    private final int height;
    private final List<J2kPrecinct> precincts = new ArrayList<>();

    /**
     * A tile without its packets.
     *
     * @param index from left to right, then from top to bottom
     */
    J2kTile(J2kSize size, J2kParameters parameters, int index) throws FrameException {
        this.size = size;
        this.parameters = parameters;
        int column = index % size.tilesAcross();
        int row = index / size.tilesAcross();
        x0 = Math.max(size.x0(), size.tileX() + column * size.tileWidth());
        y0 = Math.max(size.y0(), size.tileY() + row * size.tileHeight());
        width = (int) Math.min(size.x1(), size.tileX() + (column + 1L) * size.tileWidth()) - x0;
        height = (int) Math.min(size.y1(), size.tileY() + (row + 1L) * size.tileHeight()) - y0;
        for (int c = 0; c < size.components(); c++) {
            long cells = 0;
            for (int r = 0; r <= parameters.coding(c).levels(); r++) {
                J2kResolution resolution = resolution(c, r);
                cells += PRECINCT * resolution.across() * resolution.down() + resolution.blocks();
                if (cells > 1024 + (long) width * height / BLOCK) {
                    throw new FrameException(
                            "blocks of at least " + BLOCK + " samples in precincts of " + PRECINCT * BLOCK,
                            "smaller ones");
                }
                for (int y = 0; y < resolution.down(); y++) {
                    for (int x = 0; x < resolution.across(); x++) {
                        precincts.add(new J2kPrecinct(resolution, x, y));
                    }
                }
            }
        }
    }

    private J2kResolution resolution(int component, int r) throws FrameException {
        J2kCoding coding = parameters.coding(component);
        J2kQuantisation quantisation = parameters.quantisation(component);
        quantisation.require(3 * coding.levels() + 1);
        List<J2kBand> bands = new ArrayList<>();
        int halvings = coding.levels() - r;
        for (int orientation = r == 0 ? 0 : 1; orientation <= (r == 0 ? 0 : 3); orientation++) {
            int band = r == 0 ? 0 : 3 * (r - 1) + orientation;
            int bits = size.precision() + Integer.bitCount(orientation); // what high frequencies gain
            bands.add(J2kBand.of(
                    orientation,
                    r == 0 ? halvings : halvings + 1,
                    x0,
                    y0,
                    x0 + width,
                    y0 + height,
                    quantisation.guard() + quantisation.exponent(band) - 1,
                    coding.reversible() ? 1 : quantisation.step(band, bits)));
        }
        int precinctWidth = coding.precincts()[r] & 15;
        int precinctHeight = coding.precincts()[r] >> 4;
        return new J2kResolution(
                component,
                r,
                halvings,
                J2kBand.halved(x0, halvings),
                J2kBand.halved(y0, halvings),
                J2kBand.halved(x0 + width, halvings),
                J2kBand.halved(y0 + height, halvings),
                precinctWidth,
                precinctHeight,
                Math.min(coding.blockWidth(), r == 0 ? precinctWidth : precinctWidth - 1),
                Math.min(coding.blockHeight(), r == 0 ? precinctHeight : precinctHeight - 1),
                bands);
    }

    int x0() {
        return x0;
    }

    int y0() {
        return y0;
    }

    J2kParameters parameters() {
        return parameters;
    }

    /** By component, resolution, row and column. */
    List<J2kPrecinct> precincts() {
        return precincts;
    }

    /**
     * Decodes it and stores its samples.
     *
     * @param parts of the stream that hold its packets
     */
    void decode(List<ByteInput> parts, short[] samples) throws FrameException {
        new J2kPackets(this, parts).read();
        float[][] values = new float[size.components()][width * height];
        J2kBlockDecoder decoder = new J2kBlockDecoder();
        for (J2kPrecinct precinct : precincts) {
            if (!precinct.isEmpty()) {
                for (J2kPrecinct.Part part : precinct.parts()) {
                    coefficients(precinct.resolution, part, decoder, parts.get(0).bytes, values);
                }
            }
        }
        for (int c = 0; c < size.components(); c++) {
            J2kCoding coding = parameters.coding(c);
            new Wavelet(values[c], width, height, x0, y0, coding.reversible()).inverse(coding.levels());
        }
        if (parameters.transformed()) {
            transform(values);
        }
        for (int c = 0; c < size.components(); c++) {
            put(values[c], c, samples);
        }
    }

    private void coefficients(
            J2kResolution resolution, J2kPrecinct.Part part, J2kBlockDecoder decoder, byte[] stream, float[][] values)
            throws FrameException {
        J2kCoding coding = parameters.coding(resolution.component());
        int shift = parameters.regionShift(resolution.component());
        float[] to = values[resolution.component()];
        int planes = part.band.planes() + shift;
        for (int i = 0; i < part.blocks.length; i++) {
            J2kBlock block = part.blocks[i];
            if (block == null) {
                continue;
            }
            int left = part.left(i % part.across);
            int top = part.top(i / part.across);
            int columns = part.right(i % part.across) - left;
            int rows = part.bottom(i / part.across) - top;
            int[] coded = decoder.decode(block, stream, columns, rows, part.band.orientation(), planes, coding.style());
            for (int y = 0, n = 0; y < rows; y++) {
                int row = (part.band.row(top + y) - y0) * width - x0;
                for (int x = 0; x < columns; x++, n++) {
                    int value = coded[n];
                    if (shift > 0 && Math.abs(value) >> 1 >= 1L << shift) {
                        value >>= shift; // of the region of interest
                    }
                    int whole = value / 2;
                    to[row + part.band.column(left + x)] =
                            coding.reversible() ? whole : value * 0.5f * part.band.step();
                }
            }
        }
    }

    /** Undoes the transform of the first three components (T.800 annex G). */
    private void transform(float[][] values) throws FrameException {
        boolean reversible = parameters.coding(0).reversible();
        if (parameters.coding(1).reversible() != reversible
                || parameters.coding(2).reversible() != reversible) {
            throw new FrameException("components that are transformed together by one wavelet", "by both");
        }
        for (int i = 0; i < width * height; i++) {
            float luma = values[0][i];
            float blue = values[1][i];
            float red = values[2][i];
            if (reversible) {
                float green = luma - (((int) blue + (int) red) >> 2);
                values[0][i] = red + green;
                values[1][i] = green;
                values[2][i] = blue + green;
            } else {
                values[0][i] = luma + 1.402f * red;
                values[1][i] = luma - 0.34413f * blue - 0.71414f * red;
                values[2][i] = luma + 1.772f * blue;
            }
        }
    }

    private void put(float[] values, int component, short[] samples) {
        int middle = size.signed() ? 0 : 1 << (size.precision() - 1);
        int most = (1 << (size.precision() - 1)) - 1 + middle;
        int least = most - (1 << size.precision()) + 1;
        int columns = size.x1() - size.x0();
        for (int y = 0, i = 0; y < height; y++) {
            int at = ((y0 - size.y0() + y) * columns + x0 - size.x0()) * size.components() + component;
            for (int x = 0; x < width; x++, i++, at += size.components()) {
                int sample = (int) Math.rint(values[i]) + middle;
                samples[at] = (short) Math.min(Math.max(sample, least), most);
            }
        }
    }
}
