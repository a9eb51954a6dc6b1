package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;

/**
 * A DICOM Segmentation as a label map (PS3.3 section A.51): of the type BINARY, whose voxels get their segment's number, or
 * LABELMAP, whose voxels hold it.
 *
 * <p>Its grid is that of its frames, from the first slice that has one to the last along their normal; slices between without
 * one are empty. A segment that lies wholly within one before it is painted over that, as regions are; any other overlap is
 * refused, since a label map has one value a voxel.
 */
public final class SegmentationFile {
    private final DicomFile file;
    private final boolean binary;
    private final int bits;
    private final List<Frame> frames;
    private final FrameStack stack;
    private final int columns;
    private final int rows;

    /** A frame: where its pixels lie among all, the segment it shows (0: those of its values), and its slice. */
    private record Frame(int number, int segment, int slice) {}

    private SegmentationFile(
            DicomFile file, boolean binary, int bits, List<Frame> frames, FrameStack stack, int columns, int rows) {
        this.file = file;
        this.binary = binary;
        this.bits = bits;
        this.frames = frames;
        this.stack = stack;
        this.columns = columns;
        this.rows = rows;
    }

    /** Whether an object is one. */
    static boolean is(DataSet data) {
        String kind = data.string(Tag.SOP_CLASS_UID);
        return SegmentationObject.SEGMENTATION_STORAGE.equals(kind)
                || SegmentationObject.LABEL_MAP_SEGMENTATION_STORAGE.equals(kind);
    }

    /**
     * Looks at where the frames of a segmentation lie; no pixel is read.
     *
     * @throws VolumeFormatException if its frames are of another type, lie on no stack, or are more than its pixels
     */
    static SegmentationFile of(DicomFile file) throws VolumeFormatException {
        try {
            return read(file);
        } catch (DataSet.MalformedException e) {
            VolumeFormatException fault =
                    new VolumeFormatException(file.path(), "a segmentation that can be read", e.getMessage() + "");
            fault.initCause(e);
            throw fault;
        }
    }

    private static SegmentationFile read(DicomFile file) throws VolumeFormatException {
        DataSet data = file.data();
        String type = data.string(Tag.SEGMENTATION_TYPE);
        boolean binary = "BINARY".equals(type);
        if (!binary && !"LABELMAP".equals(type)) {
            throw new VolumeFormatException(
                    file.path(),
                    Fault.NOT_A_VOLUME,
                    "a segmentation of the type BINARY or LABELMAP",
                    type == null ? "one of no type" : type + (type.equals("FRACTIONAL") ? ", shares of voxels" : ""));
        }
        int columns = data.integer(Tag.COLUMNS, 0);
        int rows = data.integer(Tag.ROWS, 0);
        List<DataSet> groups = data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        if (columns < 1 || rows < 1 || groups.isEmpty() || groups.size() != data.integer(Tag.NUMBER_OF_FRAMES, 1)) {
            throw new VolumeFormatException(
                    file.path(),
                    "rows, columns, and as many frames as places of frames",
                    rows + "x" + columns + ", " + data.integer(Tag.NUMBER_OF_FRAMES, 1) + " frames and " + groups.size()
                            + " places");
        }
        int bits = data.integer(Tag.BITS_ALLOCATED, 0);
        if (binary ? bits != 1 : bits != 8 && bits != 16) {
            throw new VolumeFormatException(
                    file.path(), binary ? "1 bit a pixel" : "8 or 16 bits a pixel", bits + " bits");
        }
        requirePixels(file, (double) rows * columns * groups.size() * bits / 8);
        FrameStack stack = FrameStack.of(file.path(), FrameGeometry.of(file));
        if ((double) columns * rows * stack.slices() > Integer.MAX_VALUE - 8) {
            throw new VolumeFormatException(
                    file.path(), "fewer than 2^31 voxels", columns + "x" + rows + "x" + stack.slices() + " voxels");
        }
        List<Frame> frames = new ArrayList<>();
        for (DataSet group : groups) {
            int number = frames.size();
            DataSet shown = FrameGeometry.group(data, group, Tag.SEGMENT_IDENTIFICATION_SEQUENCE);
            int segment = binary ? shown.integer(Tag.REFERENCED_SEGMENT_NUMBER, 0) : 0;
            if (binary && segment < 1) {
                throw new VolumeFormatException(
                        file.path(), "the number of a segment for each frame", "none in frame " + (number + 1));
            }
            frames.add(new Frame(number, segment, stack.sliceOf()[number]));
        }
        frames.sort(Comparator.comparing(Frame::segment));
        return new SegmentationFile(file, binary, bits, frames, stack, columns, rows);
    }

    /** Looks whether the file holds its pixels, before memory is taken for them. */
    private static void requirePixels(DicomFile file, double bytes) throws VolumeFormatException {
        PixelData pixels = file.pixels();
        if (pixels == null || pixels.encapsulated() || file.syntax().deflated()) {
            throw new VolumeFormatException(
                    file.path(),
                    "pixels that are not compressed",
                    pixels == null ? "none" : file.syntax().name());
        }
        if (pixels.whole().length() < bytes) {
            throw new VolumeFormatException(
                    file.path(),
                    Fault.TRUNCATED,
                    String.format(Locale.ROOT, "%.0f bytes of pixels", Math.ceil(bytes)),
                    pixels.whole().length() + "");
        }
    }

    /** Columns, rows and slices. */
    Shape3 shape() {
        return new Shape3(columns, rows, stack.slices());
    }

    /** (column, row, slice) → RAS+ millimetres. */
    Affine affine() {
        return stack.affine();
    }

    /** How its pixels are stored, in words. */
    String dataType() {
        return binary ? "bits" : "uint" + bits;
    }

    /**
     * The label map.
     *
     * @throws VolumeFormatException if pixels are missing, compressed in a way that is not read, or show segments that overlap
     */
    Volume read() throws IOException {
        Shape3 shape = shape();
        float[] voxels = new float[(int) shape.voxels()];
        SegmentOverlaps overlaps = new SegmentOverlaps();
        int[] pixels = new int[rows * columns];
        try (FileChannel channel = FileChannel.open(file.path())) {
            for (Frame frame : frames) {
                pixels(channel, frame, pixels);
                for (int i = 0; i < pixels.length; i++) {
                    if (pixels[i] != 0) {
                        int value = binary ? frame.segment : pixels[i];
                        int at = shape.index(i % columns, i / columns, frame.slice);
                        overlaps.paint(value, (int) voxels[at]);
                        voxels[at] = value;
                    }
                }
            }
        }
        overlaps.check(file.path(), !binary);
        return new Volume(shape, affine(), voxels);
    }

    /** The pixels of a frame, rows one after the other; bits count from the lowest of a byte, on from frame to frame. */
    private void pixels(FileChannel channel, Frame frame, int[] pixels) throws IOException {
        PixelData where = Objects.requireNonNull(file.pixels());
        long from = (long) frame.number * pixels.length * bits;
        int before = (int) (from % 8);
        ByteBuffer bytes = ByteBuffer.allocate((int) ((before + (long) pixels.length * bits + 7) / 8));
        bytes.order(file.syntax().bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long at = where.whole().from() + from / 8;
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {
            // a read may be short
        }
        if (bytes.hasRemaining()) {
            throw new VolumeFormatException(file.path(), Fault.TRUNCATED, "all pixels", "the end of the file");
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = switch (bits) {
                case 1 -> bytes.get((before + i) >> 3) >> ((before + i) & 7) & 1;
                case 8 -> bytes.get(i) & 0xff;
                default -> bytes.getShort(2 * i) & 0xffff;
            };
        }
    }
}
