package org.voco4j.volume.format.dicom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.dicom.PixelData.Span;
import org.voco4j.volume.format.dicom.codec.FrameCodec;
import org.voco4j.volume.format.dicom.codec.FrameCodecs;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/**
 * The frames of a file: what a pixel is, and where they lie (PS3.3 section C.7.6.3, PS3.5 section 8).
 *
 * @param path the file
 * @param syntax how it is written
 * @param pixels where its pixels lie
 * @param count how many frames it says it has
 * @param shape of each
 * @param highBit the highest bit of a sample that is used
 */
record Frames(Path path, TransferSyntax syntax, PixelData pixels, int count, FrameShape shape, int highBit) {
    private static final long PLAUSIBLE_PIXELS = 1 << 24; // a frame of 4096 x 4096 may be blank and take a few bytes
    private static final long PLAUSIBLE_RATIO = 1 << 13;

    /**
     * What a data set says of its pixels.
     *
     * @throws VolumeFormatException if they are no grey values of at most 16 bits
     */
    static Frames of(DicomFile file, PixelData pixels) throws VolumeFormatException {
        Path path = file.path();
        DataSet data = file.data();
        int samples = data.integer(Tag.SAMPLES_PER_PIXEL, 1);
        if (samples != 1 || "PALETTE COLOR".equals(data.string(Tag.PHOTOMETRIC_INTERPRETATION))) {
            throw new VolumeFormatException(
                    path,
                    Fault.NOT_A_VOLUME,
                    "grey values, one sample per pixel",
                    samples == 1 ? "colours of a palette" : samples + " samples per pixel");
        }
        int allocated = data.integer(Tag.BITS_ALLOCATED, -1);
        if (pixels.tag() != Tag.PIXEL_DATA || (allocated != 8 && allocated != 16)) {
            throw new VolumeFormatException(
                    path,
                    Fault.NOT_A_VOLUME,
                    "pixels of 8 or 16 bits",
                    pixels.tag() == Tag.PIXEL_DATA ? "pixels of " + allocated + " bits" : "floating point numbers");
        }
        int stored = data.integer(Tag.BITS_STORED, allocated);
        int high = data.integer(Tag.HIGH_BIT, stored - 1);
        if (stored < 1 || stored > allocated || high < stored - 1 || high >= allocated) {
            throw new VolumeFormatException(
                    path, "bits stored within the " + allocated + " allocated", stored + " bits up to bit " + high);
        }
        int rows = data.integer(Tag.ROWS, 0);
        int columns = data.integer(Tag.COLUMNS, 0);
        int count = data.integer(Tag.NUMBER_OF_FRAMES, 1);
        if (rows < 1 || columns < 1 || count < 1 || (double) rows * columns * count > Integer.MAX_VALUE - 8) {
            throw new VolumeFormatException(
                    path,
                    "sizes of at least 1, and fewer than 2^31 voxels",
                    columns + "x" + rows + " pixels, " + count + " frames");
        }
        boolean signed = data.integer(Tag.PIXEL_REPRESENTATION, 0) != 0;
        FrameShape shape = new FrameShape(rows, columns, 1, allocated, stored, signed);
        Frames frames = new Frames(path, file.syntax(), pixels, count, shape, high);
        if (count > 1) { // before each frame takes memory; a slice of a series is looked at with the others
            frames.check();
        }
        return frames;
    }

    /** Pixels of a frame. */
    int size() {
        return shape.rows() * shape.columns();
    }

    /** The smallest and the largest number that a pixel can have, added: what each has together with its like where they are inverted. */
    int ends() {
        return shape.signed() ? -1 : (1 << shape.bitsStored()) - 1;
    }

    /** Bytes of a frame that is not compressed. */
    long bytes() {
        return (long) size() * (shape.bitsAllocated() / 8);
    }

    /** What decodes compressed frames; null if they are not compressed, or by what cannot be decoded. */
    @Nullable
    FrameCodec codec() {
        if (!pixels.encapsulated()) {
            return null;
        }
        return syntax.equals(TransferSyntax.RLE) ? Rle.CODEC : FrameCodecs.of(syntax.uid());
    }

    /**
     * Checks that the file holds all frames, as far as lengths show it.
     *
     * @throws VolumeFormatException if it does not, or by what is not decoded
     */
    void check() throws VolumeFormatException {
        if (!pixels.encapsulated()) {
            long expected = bytes() * count;
            if (bytes() > Integer.MAX_VALUE - 16) {
                throw new VolumeFormatException(path, "frames of less than 2 GiB", words());
            }
            if (!pixels.complete() || pixels.whole().length() < expected) {
                throw new VolumeFormatException(
                        path,
                        Fault.TRUNCATED,
                        expected + " bytes of pixels (" + words() + ")",
                        pixels.complete()
                                ? pixels.whole().length() + " bytes"
                                : "the end of the file within the "
                                        + pixels.whole().length() + " that it announces");
            }
            return;
        }
        if (codec() == null) {
            String refused = FrameCodecs.refused(syntax.uid());
            throw new VolumeFormatException(
                    path,
                    "pixels that are not compressed, or by RLE, JPEG, JPEG-LS or JPEG 2000",
                    refused == null ? "those of " + syntax.name() : refused);
        }
        if (!pixels.complete()) {
            throw new VolumeFormatException(
                    path,
                    Fault.TRUNCATED,
                    "compressed pixels (" + words() + ") and the mark at their end",
                    "the end of the file after " + pixels.fragments().size() + " of their pieces");
        }
        for (int frame = 0; frame < count; frame++) {
            long length = pieces(frame).stream().mapToLong(Span::length).sum();
            if (length > Integer.MAX_VALUE - 16 || size() > Math.max(PLAUSIBLE_PIXELS, length * PLAUSIBLE_RATIO)) {
                throw new VolumeFormatException(
                        path, Fault.TRUNCATED, words(), length + " bytes of compressed pixels for one of them");
            }
        }
    }

    /** Where a frame lies: one piece, or those of a compressed one. */
    List<Span> pieces(int frame) throws VolumeFormatException {
        if (!pixels.encapsulated()) {
            return List.of(new Span(pixels.whole().from() + frame * bytes(), bytes()));
        }
        List<Span> all = pixels.fragments();
        if (all.size() == count) {
            return all.subList(frame, frame + 1);
        }
        if (count == 1) {
            return all;
        }
        long[] offsets = pixels.offsets();
        List<Span> own = new ArrayList<>();
        if (offsets.length == count && !all.isEmpty()) {
            long start = all.get(0).from();
            long to = frame + 1 < count ? start + offsets[frame + 1] : Long.MAX_VALUE;
            for (int i = firstFrom(start + offsets[frame]);
                    i < all.size() && all.get(i).from() < to;
                    i++) {
                own.add(all.get(i));
            }
        }
        if (own.isEmpty()) {
            throw new VolumeFormatException(
                    path,
                    "a piece of compressed pixels for each of " + count + " frames, or a table of where they begin",
                    all.size() + " pieces and a table of " + offsets.length);
        }
        return own;
    }

    /** The first piece that lies at a place of the file or behind it. */
    private int firstFrom(long place) {
        int low = 0;
        int high = pixels.fragments().size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pixels.fragments().get(middle).from() < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private String words() {
        return (count == 1 ? "one frame of " : count + " frames of ") + shape.columns() + "x" + shape.rows()
                + " pixels of " + shape.bitsAllocated() + " bits";
    }
}
