package org.voco4j.phantom;

/**
 * The frame of the standard torso, in its own millimetres: x to the patient's right, y forward, z up, the origin in the
 * middle at the height of the diaphragm. The inner body is 270 mm wide and 190 mm deep; a layer of fat lies around it.
 *
 * <p>One patient's frame: how fat, how deep breathed in.
 *
 * @param fat thickness of the layer under the skin, millimetres
 * @param breath how far the diaphragm lies above its usual height, millimetres
 * @param belly how much the abdomen is wider than the chest, a factor
 * @param ribPhase where the first rib lies, 0…1
 */
record BodyFrame(double fat, double breath, double belly, double ribPhase) {
    private static final double HALF_WIDTH = 135;
    private static final double HALF_DEPTH = 95;

    /** The layer of muscle or ribs around the cavity. */
    private static final double WALL = 13;

    private static final double RIB_PITCH = 27;

    /** The distance outside the inner body: 0 on its surface, the fat's thickness at the skin, about. */
    double outside(double x, double y, double z) {
        double width = width(z);
        double u = x / (HALF_WIDTH * width);
        double v = y / (HALF_DEPTH * width);
        double u2 = u * u;
        double v2 = v * v;
        double round = 0.6 * (u2 + v2) + 0.4 * Math.sqrt(u2 * u2 + v2 * v2);
        return (Math.sqrt(round) - 1) * 105;
    }

    /** The cavity inside the wall. */
    Solid cavity() {
        return (x, y, z) -> outside(x, y, z) + WALL;
    }

    /** The part of the cavity that the lungs can fill: narrower toward the neck. */
    Solid chest() {
        return (x, y, z) -> {
            double up = Math.max(0, z - 40) / 150;
            double narrowing = 75 * up * up * up;
            return Math.max(outside(x, y, z) + WALL + 2 + narrowing, z - 195);
        };
    }

    /** Below the diaphragm: two domes, the right one higher, falling toward the wall. */
    Solid belowDiaphragm() {
        return (x, y, z) -> {
            double right = dome(x - 56, y - 6, 8);
            double left = dome(x + 58, y - 6, -8);
            return (z - Math.max(-88, Math.max(right, left)) - breath) * 0.7;
        };
    }

    private static double dome(double dx, double dy, double height) {
        return height - 75 * (dx * dx / (78 * 78) + dy * dy / (88 * 88));
    }

    /** What fills the body before any organ: air, skin, fat, muscle or rib, and fat in the cavity. */
    Canvas.Tissue layers(double fatHu, double muscleHu, double boneHu) {
        return (voxel, x, y, z) -> {
            double outside = outside(x, y, z);
            double skin = skin(x, y, z);
            if (outside > skin) {
                return -1000;
            }
            if (outside > skin - 3) {
                return 10;
            }
            if (outside > 0 || outside < -WALL) {
                return fatHu;
            }
            if (outside < -2 && outside > -11 && z > -90 + breath / 2 && z < 185) {
                return isRib(x, y, z) ? boneHu : muscleHu;
            }
            return outside < -1.5 ? muscleHu : fatHu;
        };
    }

    private double skin(double x, double y, double z) {
        double r = Math.sqrt(x * x + y * y) + 1e-9;
        double front = z < 0 ? 0.35 * y / r : 0.1 * y / r;
        return 4 + fat * (1 + front + 0.25 * (x * x) / (r * r));
    }

    /** Ribs slope downward to the front and end before the costal arch. */
    private boolean isRib(double x, double y, double z) {
        if (Math.abs(x) < 15 && y > 0) {
            return z > 0 && z < 150; // the sternum
        }
        double turns = (z + 0.55 * y) / RIB_PITCH + ribPhase;
        return turns - Math.floor(turns) < 0.38 && z > -85 + Math.max(0, 0.9 * (y + 20));
    }

    /** The outline along the body: shoulders, chest, waist, hips. */
    private double width(double z) {
        double shoulders = step((z - 120) / 80);
        double waist = step((-z - 10) / 90) * (belly - 1);
        double hips = step((-z - 150) / 80) * (1.02 - belly);
        return 1 + 0.12 * shoulders + waist + hips;
    }

    /** From 0 to 1 without a corner. */
    private static double step(double t) {
        double s = Math.max(0, Math.min(1, t));
        return s * s * (3 - 2 * s);
    }
}
