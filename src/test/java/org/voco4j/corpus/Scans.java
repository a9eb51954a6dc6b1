package org.voco4j.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;
import org.voco4j.volume.Volume;
import org.voco4j.volume.format.Formats;
import org.voco4j.volume.format.VolumeFormat.Stored;

/** Small made-up files for the tests of this package. */
public final class Scans {
    public static final Shape3 SHAPE = new Shape3(20, 18, 16);

    private Scans() {}

    /** Noise between −1000 and 1000. */
    public static Volume ct(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return of(i -> (int) random.nextDouble(-1000, 1000));
    }

    /** Noise of whole numbers 0 … 199 with a black border: an 8-bit image, not a label map. */
    static Volume eightBit() {
        SplittableRandom random = new SplittableRandom(5);
        return of(i -> i % 16 < 4 ? 0 : random.nextInt(200));
    }

    /** Blocks of the labels 0 … 5. */
    public static Volume blocks() {
        return of(i -> i / (16 * 18) / 4 + (i / 16 % 18 > 9 ? 1 : 0));
    }

    /** A mask with a ragged edge. */
    public static Volume mask() {
        SplittableRandom random = new SplittableRandom(6);
        return of(i -> random.nextInt(2));
    }

    public static Path write(Volume volume, Path file, Stored type) throws IOException {
        Files.createDirectories(file.getParent());
        Formats.any().write(volume, file, type);
        return file;
    }

    private static Volume of(IntToDoubleFunction value) {
        float[] voxels = new float[(int) SHAPE.voxels()];
        for (int i = 0; i < voxels.length; i++) {
            voxels[i] = (float) value.applyAsDouble(i);
        }
        return new Volume(SHAPE, Affine.scaling(Spacing.isotropic(3)), voxels);
    }
}
