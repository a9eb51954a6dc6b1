package org.voco4j.pretext.part.pair;

import java.util.SplittableRandom;
import org.voco4j.volume.Shape3;

/**
 * A small turn and change of size of a crop about its middle, as torchio's RandomAffine draws them.
 *
 * <pre>  out(c) = in(R⁻¹·c / s),   R = R_z·R_y·R_x;   trilinear, outside the crop its smallest value </pre>
 *
 * <p>c in voxels from the middle. Of an image of one slice x and y are scaled, and it turns about z.
 *
 * @param scale s along x, y, z
 * @param angle about x, y, z in radians
 */
public record Tilt(double[] scale, double[] angle) {
    private static final double LARGEST_CHANGE = 0.1;
    private static final double LARGEST_ANGLE = Math.toRadians(10);
    private static final double EDGE = 1e-9; // rounding, beyond the outermost voxels

    /** Draws sizes of 0.9 to 1.1 and turns of up to 10°, each axis for itself. */
    public static Tilt draw(SplittableRandom random) {
        double[] scale = new double[3];
        double[] angle = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            scale[axis] = 1 + LARGEST_CHANGE * (2 * random.nextDouble() - 1);
            angle[axis] = LARGEST_ANGLE * (2 * random.nextDouble() - 1);
        }
        return new Tilt(scale, angle);
    }

    /** The crop, tilted, as a new array. */
    public float[] of(float[] crop, Shape3 shape) {
        boolean flat = shape.z() == 1;
        double[][] m = inverse(flat ? 0 : angle[0], flat ? 0 : angle[1], angle[2]);
        float least = Float.POSITIVE_INFINITY;
        for (float value : crop) {
            least = Math.min(least, value);
        }
        float[] out = new float[crop.length];
        double[] middle = {(shape.x() - 1) / 2.0, (shape.y() - 1) / 2.0, (shape.z() - 1) / 2.0};
        double[] from = new double[3];
        int i = 0;
        for (int x = 0; x < shape.x(); x++) {
            for (int y = 0; y < shape.y(); y++) {
                for (int z = 0; z < shape.z(); z++) {
                    for (int axis = 0; axis < 3; axis++) {
                        double turned = m[axis][0] * (x - middle[0])
                                + m[axis][1] * (y - middle[1])
                                + m[axis][2] * (z - middle[2]);
                        from[axis] = turned / (flat && axis == 2 ? 1 : scale[axis]) + middle[axis];
                    }
                    out[i++] = at(crop, shape, from, least);
                }
            }
        }
        return out;
    }

    /** R⁻¹ = Rᵀ. */
    private static double[][] inverse(double a, double b, double c) {
        double[][] x = {{1, 0, 0}, {0, Math.cos(a), -Math.sin(a)}, {0, Math.sin(a), Math.cos(a)}};
        double[][] y = {{Math.cos(b), 0, Math.sin(b)}, {0, 1, 0}, {-Math.sin(b), 0, Math.cos(b)}};
        double[][] z = {{Math.cos(c), -Math.sin(c), 0}, {Math.sin(c), Math.cos(c), 0}, {0, 0, 1}};
        double[][] r = product(z, product(y, x));
        return new double[][] {{r[0][0], r[1][0], r[2][0]}, {r[0][1], r[1][1], r[2][1]}, {r[0][2], r[1][2], r[2][2]}};
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                c[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
            }
        }
        return c;
    }

    private static float at(float[] crop, Shape3 shape, double[] place, float outside) {
        for (int axis = 0; axis < 3; axis++) {
            if (place[axis] < -EDGE || place[axis] > shape.along(axis) - 1 + EDGE) {
                return outside;
            }
        }
        int x = low(place[0], shape.x());
        int y = low(place[1], shape.y());
        int z = low(place[2], shape.z());
        int i = shape.index(x, y, z);
        int dx = shape.x() > 1 ? shape.y() * shape.z() : 0;
        int dy = shape.y() > 1 ? shape.z() : 0;
        int dz = shape.z() > 1 ? 1 : 0;
        double near = face(crop, i, dy, dz, place[1] - y, place[2] - z);
        double far = face(crop, i + dx, dy, dz, place[1] - y, place[2] - z);
        return (float) (near + (place[0] - x) * (far - near));
    }

    /** The lower of the two voxels that a place lies between. */
    private static int low(double place, int voxels) {
        return (int) Math.max(0, Math.min(voxels - 2, Math.floor(place)));
    }

    private static double face(float[] crop, int i, int dy, int dz, double shareY, double shareZ) {
        double near = crop[i] + shareZ * ((double) crop[i + dz] - crop[i]);
        double far = crop[i + dy] + shareZ * ((double) crop[i + dy + dz] - crop[i + dy]);
        return near + shareY * (far - near);
    }
}
