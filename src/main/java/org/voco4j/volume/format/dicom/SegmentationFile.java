package org.voco4j.volume.format.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.dicom.codec.FrameShape;

/**
 * A DICOM Segmentation as a label map (PS3.3 section A.51): of the type BINARY, whose voxels get their segment's number, or
 * LABELMAP, whose voxels hold it.
 *
 * <p>Its grid is that of its frames, from the first slice that has one to the last along their normal; slices between without
 * one are empty. Pixels of a LABELMAP that have the padding value, or 0 where none is said, show no segment. A segment that lies
 * wholly within one before it is painted over that, as regions are; any other overlap is refused, since a label map has one
 * value a voxel.
 */
public final class SegmentationFile {
    private static final Pattern CLASS =
            Pattern.compile("1\\.2\\.840\\.10008\\.5\\.1\\.4\\.1\\.1\\.66\\.[47](?![.0-9])");

    private static final int MOST_SEGMENTS = 65_535;

    private final List<Slice> slices; // as stored
    private final int[] segments; // of each of them; 0 where its values say it
    private final BitSet described; // the numbers of the segments that it says something of
    private final int background; // where the values say the segment
    private final FrameStack stack;

    private SegmentationFile(List<Slice> slices, int[] segments, BitSet described, int background, FrameStack stack) {
        this.slices = slices;
        this.segments = segments;
        this.described = described;
        this.background = background;
        this.stack = stack;
    }

    /** Whether a file holds a segmentation: where its first bytes name its class, by its header. */
    public static boolean is(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(Sniffer.BYTES);
        }
        return Sniffer.of(head) != null
                && CLASS.matcher(new String(head, StandardCharsets.ISO_8859_1)).find()
                && isOne(DicomFile.read(file));
    }

    private static boolean isOne(DicomFile file) {
        ObjectKind kind = ObjectKind.of(file);
        return kind == ObjectKind.SEGMENTATION || kind == ObjectKind.LABEL_MAP;
    }

    /**
     * Looks at where the frames of a segmentation lie; no pixel is read.
     *
     * @return null if the file holds something else
     * @throws VolumeFormatException if its frames are of another type, lie on no stack, are more than its pixels or than it
     *     tells of, or show segments that it does not describe
     */
    public static @Nullable SegmentationFile of(DicomFile file) throws VolumeFormatException {
        if (!isOne(file)) {
            return null;
        }
        try {
            return read(file);
        } catch (DataSet.MalformedException e) {
            VolumeFormatException malformed =
                    new VolumeFormatException(file.path(), "numbers in its header", e.getMessage() + "");
            malformed.initCause(e);
            throw malformed;
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
                    "FRACTIONAL".equals(type)
                            ? "FRACTIONAL, shares of voxels"
                            : "one of " + (type == null ? "no" : "another") + " type");
        }
        Frames frames = frames(file, binary);
        List<DataSet> groups = data.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        if (groups.size() != frames.count() && (frames.count() > 1 || groups.size() > 1)) { // before each takes memory
            throw new VolumeFormatException(
                    file.path(), "functional groups of " + frames.count() + " frames", "those of " + groups.size());
        }
        List<Slice> slices = Image.slices(data, frames);
        int[] segments = new int[slices.size()];
        BitSet described = described(data);
        DataSet shared = data.item(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        for (int i = 0; binary && i < segments.length; i++) {
            DataSet shown = i < groups.size() ? groups.get(i).item(Tag.SEGMENT_IDENTIFICATION_SEQUENCE) : null;
            shown = shown == null && shared != null ? shared.item(Tag.SEGMENT_IDENTIFICATION_SEQUENCE) : shown;
            segments[i] = shown == null ? 0 : shown.integer(Tag.REFERENCED_SEGMENT_NUMBER, 0);
            if (segments[i] < 1) {
                throw new VolumeFormatException(
                        file.path(), "the number of a segment for each frame", "none in frame " + (i + 1));
            }
            requireDescribed(file.path(), described, segments[i]);
        }
        FrameStack stack = FrameStack.of(file.path(), slices);
        if ((double) frames.size() * stack.slices() > Integer.MAX_VALUE - 8) {
            throw new VolumeFormatException(
                    file.path(), "fewer than 2^31 voxels", stack.slices() + " slices of " + frames.size() + " pixels");
        }
        int background = data.integer(Tag.PIXEL_PADDING_VALUE, 0);
        return new SegmentationFile(slices, segments, described, background, stack);
    }

    private static BitSet described(DataSet data) {
        BitSet described = new BitSet();
        for (DataSet segment : data.items(Tag.SEGMENT_SEQUENCE)) {
            int number = segment.integer(Tag.SEGMENT_NUMBER, 0);
            if (number > 0 && number <= MOST_SEGMENTS) {
                described.set(number);
            }
        }
        return described;
    }

    private static void requireDescribed(Path file, BitSet described, int segment) throws VolumeFormatException {
        if (!described.get(segment)) {
            throw new VolumeFormatException(
                    file, "pixels of segments that it describes", "those of segment " + segment);
        }
    }

    private static Frames frames(DicomFile file, boolean binary) throws VolumeFormatException {
        DataSet data = file.data();
        int bits = data.integer(Tag.BITS_ALLOCATED, 0);
        int columns = data.integer(Tag.COLUMNS, 0);
        int rows = data.integer(Tag.ROWS, 0);
        int count = data.integer(Tag.NUMBER_OF_FRAMES, 1);
        PixelData pixels = file.pixels();
        if (pixels == null
                || (binary ? bits != 1 : bits != 8 && bits != 16)
                || columns < 1
                || rows < 1
                || count < 1
                || (double) columns * rows > Integer.MAX_VALUE - 8) {
            throw new VolumeFormatException(
                    file.path(),
                    "frames of pixels of " + (binary ? "1 bit" : "8 or 16 bits"),
                    pixels == null
                            ? "none"
                            : count + " frames of " + columns + "x" + rows + " pixels of " + bits + " bits");
        }
        FrameShape shape = new FrameShape(rows, columns, 1, bits, bits, false);
        Frames frames = new Frames(file.path(), file.syntax(), pixels, count, shape, bits - 1);
        if (!binary) {
            frames.check();
            return frames;
        }
        if (pixels.encapsulated() || file.syntax().deflated()) {
            throw new VolumeFormatException(
                    file.path(),
                    "bits that are not compressed",
                    "those of " + file.syntax().name());
        }
        long bytes = ((long) count * rows * columns + 7) / 8;
        if (pixels.whole().length() < bytes || !pixels.complete()) {
            throw new VolumeFormatException(
                    file.path(),
                    Fault.TRUNCATED,
                    bytes + " bytes of pixels",
                    pixels.complete() ? pixels.whole().length() + "" : "the end of the file within them");
        }
        return frames;
    }

    private Frames frames() {
        return slices.get(0).frames();
    }

    /** Columns, rows and slices. */
    public Shape3 shape() {
        FrameShape shape = frames().shape();
        return new Shape3(shape.columns(), shape.rows(), stack.slices());
    }

    /** (column, row, slice) → RAS+ millimetres. */
    public Affine affine() {
        return stack.affine();
    }

    /** How its pixels are stored, in words. */
    public String dataType() {
        int bits = frames().shape().bitsAllocated();
        return bits == 1 ? "bits" : "uint" + bits;
    }

    /**
     * The label map.
     *
     * @throws VolumeFormatException if pixels are damaged or end early, or show segments of which it would lose a part
     */
    public Volume read() throws IOException {
        Shape3 shape = shape();
        float[] voxels = new float[(int) shape.voxels()];
        short[] pixels = new short[frames().size()];
        boolean binary = frames().shape().bitsAllocated() == 1;
        SegmentOverlaps overlaps = new SegmentOverlaps();
        int[] order = IntStream.range(0, segments.length)
                .boxed()
                .sorted(Comparator.comparing(i -> segments[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        try (FrameReader reader = new FrameReader();
                FileChannel channel = FileChannel.open(frames().path())) {
            for (int frame : order) {
                if (binary) {
                    bits(channel, frame, pixels);
                } else {
                    reader.read(slices.get(frame), pixels);
                }
                int slice = stack.sliceOf()[frame];
                for (int i = 0; i < pixels.length; i++) {
                    if (binary ? pixels[i] != 0 : (pixels[i] & 0xffff) != background) {
                        int value = binary ? segments[frame] : pixels[i] & 0xffff;
                        if (!binary) {
                            requireDescribed(frames().path(), described, value);
                        }
                        int at = shape.index(i % shape.x(), i / shape.x(), slice);
                        overlaps.paint(value, (int) voxels[at]);
                        voxels[at] = value;
                    }
                }
            }
        }
        overlaps.check(frames().path(), !binary);
        return new Volume(shape, affine(), voxels);
    }

    /** A frame of bits: they count from the lowest of a byte, and on from frame to frame (PS3.5 section 8.1.1). */
    private void bits(FileChannel channel, int frame, short[] pixels) throws IOException {
        long first = (long) frame * pixels.length;
        int before = (int) (first % 8);
        ByteBuffer bytes = ByteBuffer.allocate((int) ((before + (long) pixels.length + 7) / 8));
        Path path = frames().path();
        long from = frames().pixels().whole().from() + first / 8;
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new VolumeFormatException(path, Fault.TRUNCATED, "all pixels", "the end of the file");
            }
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) (bytes.get((before + i) >> 3) >> ((before + i) & 7) & 1);
        }
    }
}
