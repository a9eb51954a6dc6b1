package org.voco4j.phantom;

import org.voco4j.volume.Affine;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Spacing;

/**
 * One scan: the grid, how the patient lies in it, and what the machine adds.
 *
 * @param shape the number of voxels
 * @param spacing millimetres
 * @param left x of voxel 0 in patient millimetres
 * @param back y of voxel 0
 * @param bottom z of voxel 0
 * @param roll the sine of the patient's rotation about the long axis
 * @param noise the standard deviation in HU
 */
record Scanner(Shape3 shape, Spacing spacing, double left, double back, double bottom, double roll, double noise) {

    /**
     * A field of view around a body of the given width and depth, in millimetres.
     *
     * <p>The x and y margins vary, and the height covers a part of the chest and a part of the abdomen.
     */
    static Scanner draw(PhantomRandom draws, double width, double depth) {
        double fieldX = width + draws.uniform(-15, 80);
        double fieldY = depth + draws.uniform(0, 80);
        int x = draws.between(96, 122);
        double step = fieldX / x;
        int y = Math.max(80, Math.min(112, (int) (fieldY / step)));
        double bottom = draws.uniform(-255, -95);
        double top = Math.min(185, bottom + draws.uniform(240, 350));
        double stepZ = draws.uniform(4, 6);
        int z = Math.max(56, Math.min(80, (int) ((top - bottom) / stepZ)));
        Shape3 shape = new Shape3(x, y, z);
        return new Scanner(
                shape,
                new Spacing(step, step, stepZ),
                -step * (x - 1) / 2 + draws.normal(6),
                -step * (y - 1) / 2 + draws.normal(6),
                bottom,
                draws.normal(0.06),
                draws.uniform(8, 35));
    }

    Affine affine() {
        return Affine.translation(left, back, bottom).times(Affine.scaling(spacing));
    }

    float[] field(PhantomRandom draws, double knots, double sd) {
        return SmoothField.sample(draws, shape, spacing, knots, sd);
    }

    /** An empty canvas whose voxels know their place in the standard torso: rotated, bent, then scaled. */
    Canvas canvas(PhantomRandom draws, double[] scale) {
        float[][] place = new float[3][];
        for (int axis = 0; axis < 3; axis++) {
            place[axis] = field(draws, 75, 7);
            float[] fine = field(draws, 34, 2.5);
            for (int v = 0; v < fine.length; v++) {
                place[axis][v] += fine[v];
            }
        }
        double cosine = Math.sqrt(1 - roll * roll);
        for (int i = 0; i < shape.x(); i++) {
            double x = left + i * spacing.x();
            for (int j = 0; j < shape.y(); j++) {
                double y = back + j * spacing.y();
                for (int k = 0; k < shape.z(); k++) {
                    double z = bottom + k * spacing.z();
                    int v = shape.index(i, j, k);
                    place[0][v] = (float) ((cosine * x - roll * y + place[0][v]) / scale[0]);
                    place[1][v] = (float) ((roll * x + cosine * y + place[1][v]) / scale[1]);
                    place[2][v] = (float) ((z + place[2][v]) / scale[2]);
                }
            }
        }
        return new Canvas(shape, place[0], place[1], place[2], 0.8 * spacing.x() + 0.2 * spacing.z());
    }

    /** Adds the table, the shading and the noise. */
    void degrade(PhantomRandom draws, Canvas canvas, double backOfBody) {
        if (draws.chance(0.5)) {
            table(draws, canvas, backOfBody);
        }
        float[] shading = field(draws, 130, 28);
        for (int v = 0; v < canvas.hu.length; v++) {
            double value = canvas.hu[v] + draws.normal(noise);
            canvas.hu[v] = (float) Math.max(-1024, canvas.hu[v] > -950 ? value + shading[v] : value);
        }
    }

    /** A thin curved shell a little behind the back, dense enough to be taken for the body. */
    private void table(PhantomRandom draws, Canvas canvas, double backOfBody) {
        double depth = backOfBody - draws.uniform(5, 28);
        double curve = draws.uniform(0.0003, 0.0012);
        double hu = draws.uniform(-200, 60);
        for (int i = 0; i < shape.x(); i++) {
            double x = left + i * spacing.x();
            double floor = depth + curve * x * x;
            int j = (int) ((floor - back) / spacing.y());
            if (Math.abs(x) < 200 && j >= 0 && j < shape.y()) {
                for (int k = 0; k < shape.z(); k++) {
                    int v = shape.index(i, j, k);
                    canvas.hu[v] = (float) Math.max(canvas.hu[v], hu);
                }
            }
        }
    }
}
