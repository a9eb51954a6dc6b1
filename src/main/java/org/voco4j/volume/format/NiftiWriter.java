package org.voco4j.volume.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.voco4j.file.AtomicFile;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;

/** Writes NIfTI-1, little endian, voxels from byte 352 on. */
final class NiftiWriter {
    private static final int OFFSET = 352;
    private static final double SHEAR = 1e-6; // cosine above which a quaternion cannot say the directions

    private NiftiWriter() {}

    static void write(Volume volume, Path file, VolumeFormat.Stored stored) throws IOException {
        VoxelType type = VoxelWriter.type(stored);
        byte[] header = header(volume, type, file);
        boolean zip = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        AtomicFile.write(file, plain -> {
            OutputStream out = zip ? VoxelWriter.gzip(plain) : plain;
            out.write(header);
            VoxelWriter.write(volume, type, file, out);
            if (out instanceof GZIPOutputStream gzip) {
                gzip.finish();
            }
        });
    }

    private static byte[] header(Volume volume, VoxelType type, Path file) {
        Shape3 shape = volume.shape();
        Affine affine = volume.affine();
        Spacing mm = affine.spacing();
        byte[] bytes = new byte[OFFSET];
        ByteBuffer raw = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        raw.putInt(0, NiftiHeader.LENGTH_1);
        raw.putShort(40, (short) 3);
        for (int d = 0; d < 7; d++) {
            int size = d < 3 ? shape.along(d) : 1;
            if (size > Short.MAX_VALUE) {
                throw new IllegalArgumentException(
                        file + ": NIfTI-1 holds at most 32767 voxels per axis, not " + shape);
            }
            raw.putShort(42 + 2 * d, (short) size);
            raw.putFloat(80 + 4 * d, d < 3 ? (float) mm.along(d) : 1);
        }
        raw.putShort(70, (short) type.code);
        raw.putShort(72, (short) (8 * type.bytes));
        raw.putFloat(108, OFFSET);
        raw.putFloat(112, 1);
        raw.put(123, (byte) 2); // millimetres
        raw.putShort(254, (short) 1);
        for (int i = 0; i < 12; i++) {
            raw.putFloat(280 + 4 * i, (float) affine.at(i / 4, i % 4));
        }
        putQuaternion(raw, affine, mm);
        byte[] magic = "n+1\0".getBytes(StandardCharsets.ISO_8859_1);
        raw.put(344, magic);
        return bytes;
    }

    /** The directions as a unit quaternion, unless they are not at right angles: then the sform alone says them. */
    private static void putQuaternion(ByteBuffer raw, Affine affine, Spacing mm) {
        double[][] r = new double[3][3];
        double qfac = affine.determinant() < 0 ? -1 : 1;
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                r[row][column] = affine.at(row, column) / mm.along(column) * (column == 2 ? qfac : 1);
            }
        }
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            if (Math.abs(r[0][i] * r[0][j] + r[1][i] * r[1][j] + r[2][i] * r[2][j]) > SHEAR) {
                return;
            }
        }
        double[] q = quaternion(r);
        raw.putShort(252, (short) 1);
        raw.putFloat(76, (float) qfac);
        for (int i = 0; i < 3; i++) {
            raw.putFloat(256 + 4 * i, (float) q[i + 1]);
            raw.putFloat(268 + 4 * i, (float) affine.at(i, 3));
        }
    }

    /** (a, b, c, d) with a ≥ 0 of a rotation: the largest component comes from the diagonal, the others from it. */
    private static double[] quaternion(double[][] r) {
        double[] squares = {
            1 + r[0][0] + r[1][1] + r[2][2],
            1 + r[0][0] - r[1][1] - r[2][2],
            1 - r[0][0] + r[1][1] - r[2][2],
            1 - r[0][0] - r[1][1] + r[2][2]
        };
        int largest = 0;
        for (int i = 1; i < 4; i++) {
            largest = squares[i] > squares[largest] ? i : largest;
        }
        double[] q = new double[4];
        q[largest] = Math.sqrt(squares[largest]) / 2;
        double s = 1 / (4 * q[largest]);
        double x = r[2][1] - r[1][2];
        double y = r[0][2] - r[2][0];
        double z = r[1][0] - r[0][1];
        double xy = r[0][1] + r[1][0];
        double xz = r[0][2] + r[2][0];
        double yz = r[1][2] + r[2][1];
        double[][] numerators = {{0, x, y, z}, {x, 0, xy, xz}, {y, xy, 0, yz}, {z, xz, yz, 0}};
        for (int i = 0; i < 4; i++) {
            q[i] = i == largest ? q[i] : numerators[largest][i] * s;
        }
        double sign = q[0] < 0 ? -1 : 1;
        for (int i = 0; i < 4; i++) {
            q[i] *= sign;
        }
        return q;
    }
}
