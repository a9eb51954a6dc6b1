package org.voco4j.volume.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Orient;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.VolumeFormatException;
import org.voco4j.volume.VolumeFormatException.Fault;
import org.voco4j.volume.format.VolumeHeader.Doubt;
import org.voco4j.volume.format.VolumeHeader.Doubt.Subject;

/**
 * The header of a NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes) file of either byte order.
 *
 * <p>The affine is the sform if its code is above 0, else the qform if its code is, else pixdim centred on the volume
 * with x reversed: nibabel's order. {@code scl_slope} 0 or not finite means unscaled.
 *
 * @param shape voxels along x, y, z
 * @param channels the product of the further dimensions
 * @param affine voxel index → RAS+ millimetres
 * @param type how a voxel is stored
 * @param order the byte order
 * @param offset where the voxels begin in their file
 * @param slope value = raw·slope + intercept
 * @param intercept see slope
 * @param pair whether the voxels are in an .img file
 * @param doubts an sform beside another qform or pixdim, and lengths in another unit than millimetres
 */
record NiftiHeader(
        Shape3 shape,
        int channels,
        Affine affine,
        VoxelType type,
        ByteOrder order,
        long offset,
        double slope,
        double intercept,
        boolean pair,
        List<Doubt> doubts) {

    static final int LENGTH_1 = 348;
    static final int LENGTH_2 = 540;
    private static final int MILLIMETRES = 2;

    /** Parses the first 348 or 540 bytes of a file. */
    static NiftiHeader parse(byte[] bytes, Path file) throws VolumeFormatException {
        if (bytes.length < LENGTH_1) {
            throw new VolumeFormatException(file, "a NIfTI header of 348 or 540 bytes", bytes.length + " bytes");
        }
        ByteBuffer raw = ByteBuffer.wrap(bytes);
        int little = raw.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        int big = raw.order(ByteOrder.BIG_ENDIAN).getInt(0);
        boolean two = little == LENGTH_2 || big == LENGTH_2;
        boolean one = little == LENGTH_1 || big == LENGTH_1;
        if (!one && !two) {
            throw new VolumeFormatException(
                    file, "a NIfTI header (its first number is 348 or 540)", "the number " + little);
        }
        raw.order(little == LENGTH_1 || little == LENGTH_2 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (two && bytes.length < LENGTH_2) {
            throw new VolumeFormatException(file, "a NIfTI-2 header of 540 bytes", bytes.length + " bytes");
        }
        return new Fields(raw, two, file).header();
    }

    /** The two layouts of the same fields. */
    private record Fields(ByteBuffer raw, boolean two, Path file) {

        NiftiHeader header() throws VolumeFormatException {
            byte[] mark = new byte[4];
            raw.get(two ? 4 : 344, mark);
            String magic = new String(mark, StandardCharsets.ISO_8859_1);
            boolean pair = magic.equals(two ? "ni2\0" : "ni1\0");
            if (!pair && !magic.equals(two ? "n+2\0" : "n+1\0")) {
                throw new VolumeFormatException(
                        file,
                        "the NIfTI mark n+1, ni1, n+2 or ni2",
                        two ? "none" : "none: Analyze 7.5 files have no orientation and cannot be read");
            }
            int intent = two ? raw.getInt(504) : raw.getShort(68);
            if (intent >= 3000 && intent < 3100) {
                throw new VolumeFormatException(
                        file,
                        Fault.NOT_A_VOLUME,
                        "a volume",
                        "a CIFTI connectivity or surface file (intent code " + intent + ", dim " + dimField() + ")");
            }
            int code = raw.getShort(two ? 12 : 70);
            VoxelType type = VoxelType.of(code);
            if (type == null) {
                throw new VolumeFormatException(
                        file, Fault.NOT_A_VOLUME, "real numbers as voxels", VoxelType.describe(code));
            }
            long[] dims = dims();
            Shape3 shape = new Shape3((int) dims[0], (int) dims[1], (int) dims[2]);
            Affine affine = affine(shape);
            double slope = two ? raw.getDouble(176) : raw.getFloat(112);
            double intercept = two ? raw.getDouble(184) : raw.getFloat(116);
            boolean scaled = slope != 0 && Double.isFinite(slope);
            if (scaled && !Double.isFinite(intercept)) {
                throw new VolumeFormatException(file, "a finite scl_inter", String.valueOf(intercept));
            }
            return new NiftiHeader(
                    shape,
                    (int) dims[3],
                    affine,
                    type,
                    raw.order(),
                    offset(pair),
                    scaled ? slope : 1,
                    scaled ? intercept : 0,
                    pair,
                    doubts(affine));
        }

        private long dim(int i) {
            return two ? raw.getLong(16 + 8 * i) : raw.getShort(40 + 2 * i);
        }

        private String dimField() {
            return LongStream.range(0, 8)
                    .map(i -> dim((int) i))
                    .boxed()
                    .toList()
                    .toString();
        }

        private double pixdim(int i) {
            return two ? raw.getDouble(104 + 8 * i) : raw.getFloat(76 + 4 * i);
        }

        /** x, y, z and the product of the rest. */
        private long[] dims() throws VolumeFormatException {
            long rank = dim(0);
            if (rank < 1 || rank > 7) {
                throw new VolumeFormatException(file, "1 to 7 dimensions", String.valueOf(rank));
            }
            if (rank < 3) {
                throw new VolumeFormatException(file, Fault.DIMENSION, "a 3-D volume", "a " + rank + "-D image");
            }
            long[] sizes = new long[(int) rank];
            long[] dims = {1, 1, 1, 1};
            for (int i = 0; i < rank; i++) {
                sizes[i] = dim(i + 1);
            }
            HeaderChecks.sizes(file, sizes);
            for (int i = 0; i < rank; i++) {
                dims[Math.min(i, 3)] *= sizes[i];
            }
            return dims;
        }

        private long offset(boolean pair) throws VolumeFormatException {
            double offset = two ? raw.getLong(168) : raw.getFloat(108);
            int least = two ? LENGTH_2 + 4 : LENGTH_1 + 4;
            if (!pair && offset == 0) {
                return least;
            }
            if (!(offset >= (pair ? 0 : least)) || offset > 1e15) {
                throw new VolumeFormatException(
                        file, "voxels from byte " + (pair ? 0 : least) + " on (vox_offset)", String.valueOf(offset));
            }
            return (long) offset;
        }

        private Affine affine(Shape3 shape) throws VolumeFormatException {
            int qform = qformCode();
            int sform = sformCode();
            double[] rows = sform > 0 ? sform() : qform > 0 ? qform() : pixdims(shape);
            return HeaderChecks.affine(file, rows, sform > 0 ? "sform" : qform > 0 ? "qform" : "pixdim");
        }

        private int qformCode() {
            return two ? raw.getInt(344) : raw.getShort(252);
        }

        private int sformCode() {
            return two ? raw.getInt(348) : raw.getShort(254);
        }

        private List<Doubt> doubts(Affine affine) {
            List<Doubt> doubts = new ArrayList<>();
            if (sformCode() > 0) {
                double[] rows = qform();
                boolean declared = qformCode() > 0;
                boolean turned = declared || q(0) != 0 || q(1) != 0 || q(2) != 0; // without a code, zeros mean nothing
                boolean finite = Arrays.stream(rows).allMatch(Double::isFinite);
                Affine qform = finite ? Affine.ofRows(rows) : affine;
                double[] mm = lengths(qform);
                boolean sound = finite && Arrays.stream(mm).allMatch(Double::isFinite);
                if (!sound || !agrees(affine, qform, declared, turned)) {
                    boolean grid = Arrays.stream(mm).allMatch(length -> length > 0);
                    doubts.add(new Doubt(
                            Subject.POSITION,
                            "a qform and pixdim that say what the sform says, " + words(affine, true),
                            sound ? words(qform, turned && grid) : "numbers that are not finite"));
                }
            }
            int unit = raw.get(two ? 503 : 123) & 7;
            if (unit != 0 && unit != MILLIMETRES) {
                String name = unit == 1 ? "metres" : unit == 3 ? "micrometres" : "a unit that is not defined";
                doubts.add(new Doubt(Subject.UNIT, "lengths in millimetres", name + " (xyzt_units " + unit + ")"));
            }
            return List.copyOf(doubts);
        }

        /** Whether the qform is within a hundredth of a voxel's edge of the sform, and half a voxel in its origin. */
        private static boolean agrees(Affine sform, Affine qform, boolean placed, boolean turned) {
            Spacing mm = sform.spacing();
            double[] other = lengths(qform);
            for (int d = 0; d < 3; d++) {
                double off = turned ? distance(sform, qform, d) : Math.abs(mm.along(d) - other[d]);
                if (off > 0.01 * mm.along(d)) {
                    return false;
                }
            }
            return !placed || distance(sform, qform, 3) <= 0.5 * Math.min(mm.x(), Math.min(mm.y(), mm.z()));
        }

        /** The lengths of a voxel's edges, of a grid or not. */
        private static double[] lengths(Affine affine) {
            double[] lengths = new double[3];
            Arrays.setAll(
                    lengths,
                    d -> Math.sqrt(Math.pow(affine.at(0, d), 2)
                            + Math.pow(affine.at(1, d), 2)
                            + Math.pow(affine.at(2, d), 2)));
            return lengths;
        }

        private static double distance(Affine one, Affine other, int column) {
            double sum = 0;
            for (int row = 0; row < 3; row++) {
                sum += Math.pow(one.at(row, column) - other.at(row, column), 2);
            }
            return Math.sqrt(sum);
        }

        private static String words(Affine affine, boolean turned) {
            double[] mm = lengths(affine);
            String spacing = plain(mm[0]) + "x" + plain(mm[1]) + "x" + plain(mm[2]) + " mm";
            return turned
                    ? "orientation " + Orient.codes(affine) + ", " + spacing + " from "
                            + String.format(
                                    Locale.ROOT,
                                    "(%.1f, %.1f, %.1f)",
                                    affine.at(0, 3),
                                    affine.at(1, 3),
                                    affine.at(2, 3))
                    : spacing;
        }

        private static String plain(double mm) {
            return new BigDecimal(mm)
                    .round(new MathContext(4))
                    .stripTrailingZeros()
                    .toPlainString();
        }

        private double q(int i) {
            return two ? raw.getDouble(352 + 8 * i) : raw.getFloat(256 + 4 * i);
        }

        private double[] sform() {
            double[] rows = new double[12];
            for (int i = 0; i < 12; i++) {
                rows[i] = two ? raw.getDouble(400 + 8 * i) : raw.getFloat(280 + 4 * i);
            }
            return rows;
        }

        /** Quaternion (a, b, c, d) with a = √(1 − b² − c² − d²), columns scaled by pixdim, z reversed if qfac is −1. */
        private double[] qform() {
            double[] q = new double[6];
            for (int i = 0; i < 6; i++) {
                q[i] = q(i);
            }
            double b = q[0];
            double c = q[1];
            double d = q[2];
            double a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
            double length = a * a + b * b + c * c + d * d;
            double s = 2 / length;
            double[] r = {
                1 - s * (c * c + d * d),
                s * (b * c - d * a),
                s * (b * d + c * a),
                s * (b * c + d * a),
                1 - s * (b * b + d * d),
                s * (c * d - b * a),
                s * (b * d - c * a),
                s * (c * d + b * a),
                1 - s * (b * b + c * c)
            };
            double qfac = pixdim(0) == -1 ? -1 : 1;
            double[] rows = new double[12];
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 3; column++) {
                    rows[row * 4 + column] = r[row * 3 + column] * zoom(column) * (column == 2 ? qfac : 1);
                }
                rows[row * 4 + 3] = q[3 + row];
            }
            return rows;
        }

        private double[] pixdims(Shape3 shape) {
            double[] rows = new double[12];
            for (int d = 0; d < 3; d++) {
                double mm = d == 0 ? -zoom(d) : zoom(d);
                rows[d * 4 + d] = mm;
                rows[d * 4 + 3] = -mm * (shape.along(d) - 1) / 2;
            }
            return rows;
        }

        private double zoom(int axis) {
            double mm = Math.abs(pixdim(axis + 1));
            return mm == 0 ? 1 : mm;
        }
    }
}
