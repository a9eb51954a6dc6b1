import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Writes scans that no one can learn from: {@code java BadScans.java FOLDER}; one folder per scan. */
final class BadScans {

    private BadScans() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Random random = new Random(1);
        IntToDoubleFunction tissue = voxel -> -200 + 400 * random.nextDouble();
        write(folder.resolve("flat/flat.nii"), 64, 64, 1, tissue);
        write(folder.resolve("cube/cube.nii"), 8, 8, 8, tissue);
        write(folder.resolve("nan/nan.nii"), 48, 48, 32, voxel -> voxel % 5 == 0 ? Double.NaN : tissue.applyAsDouble(voxel));
        write(folder.resolve("constant/constant.nii"), 48, 48, 32, voxel -> -50.5);
    }

    /** A NIfTI-1 file of 32-bit floats with voxels of 1 mm. */
    private static void write(Path file, int x, int y, int z, IntToDoubleFunction value) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 348);
        short[] dim = {3, (short) x, (short) y, (short) z, 1, 1, 1, 1};
        for (int i = 0; i < dim.length; i++) {
            header.putShort(40 + 2 * i, dim[i]);
        }
        header.putShort(70, (short) 16); // float32
        header.putShort(72, (short) 32); // bits
        for (int i = 0; i < 4; i++) {
            header.putFloat(76 + 4 * i, 1); // pixdim
        }
        header.putFloat(108, 352); // where voxels begin
        header.putFloat(112, 1); // slope
        header.putShort(254, (short) 1); // sform
        for (int i = 0; i < 3; i++) {
            header.putFloat(280 + 20 * i, 1); // the diagonal of the affine
        }
        header.putInt(344, 'n' | '+' << 8 | '1' << 16);
        Files.createDirectories(file.getParent());
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.write(header.array());
            for (int i = 0; i < x * y * z; i++) {
                out.writeInt(Integer.reverseBytes(Float.floatToRawIntBits((float) value.applyAsDouble(i))));
            }
        }
    }
}
