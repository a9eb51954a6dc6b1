package org.voco4j.downstream.segment;

import java.util.Locale;
import org.voco4j.engine.tensor.DType;
import org.voco4j.volume.Shape3;

/**
 * What a {@link StreamedPrediction} takes beside what the process holds already, computed beforehand.
 *
 * @param scan its voxels
 * @param planes of a window along x
 * @param channels that are blended
 * @param type of the sums
 * @param result bytes of the result per voxel
 * @param window bytes of one window on its way through the network
 */
record PredictionMemory(Shape3 scan, int planes, int channels, DType type, long result, long window) {

    /** Everything, for strips of so many rows. */
    long bytes(int rows) {
        return RollingSum.bytes(scan, rows, planes, channels, type) + result * scan.voxels() + window;
    }

    /**
     * The rows of a strip that fit, all strips about alike.
     *
     * @param held bytes that the process holds already
     * @param limit bytes that it may hold
     * @throws IllegalArgumentException if the smallest strips do not fit, with the least limit that would do
     */
    int rows(long held, long limit) {
        if (held + bytes(scan.y()) <= limit) {
            return scan.y();
        }
        int most = 0; // blocks
        while (held + bytes((most + 1) * StreamedPrediction.BLOCK) <= limit) {
            most++;
        }
        if (most == 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a scan of %s voxels on the model's grid cannot be segmented within %s: at least %s is needed, of"
                            + " which the process holds %s already",
                    scan,
                    words(limit),
                    words(held + bytes(Math.min(scan.y(), StreamedPrediction.BLOCK))),
                    words(held)));
        }
        int blocks = (scan.y() + StreamedPrediction.BLOCK - 1) / StreamedPrediction.BLOCK;
        int strips = (blocks + most - 1) / most;
        return (blocks + strips - 1) / strips * StreamedPrediction.BLOCK;
    }

    private static String words(long bytes) {
        double mebibytes = Math.ceil(bytes / (double) (1 << 20));
        return mebibytes < 1024
                ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.2f GiB", Math.ceil(mebibytes / 10.24) / 100);
    }
}
