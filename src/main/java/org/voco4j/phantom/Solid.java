package org.voco4j.phantom;

/**
 * A body in the standard torso's millimetres: the distance to its surface, about, negative inside.
 *
 * <p>Farther outside than {@link #FAR} any value above it will do: nothing is painted there.
 */
interface Solid {
    double FAR = 8;

    double distance(double x, double y, double z);

    /** A box that holds the solid. */
    default Reach reach() {
        return Reach.EVERYWHERE;
    }

    /** What is in this, the smaller, and in the other. */
    default Solid and(Solid other) {
        return within(reach(), (x, y, z) -> {
            double here = distance(x, y, z);
            return here > FAR ? here : Math.max(here, other.distance(x, y, z));
        });
    }

    /** What is in this but not in the other. */
    default Solid less(Solid other) {
        return and(other.outside());
    }

    /** Everything else. */
    default Solid outside() {
        return (x, y, z) -> -distance(x, y, z);
    }

    /** What is in this or in the other. */
    default Solid or(Solid other) {
        return within(reach().around(other.reach()), (x, y, z) -> Math.min(distance(x, y, z), other.distance(x, y, z)));
    }

    /** A solid that is known to lie in a box. */
    static Solid within(Reach reach, Solid solid) {
        return new Solid() {
            @Override
            public double distance(double x, double y, double z) {
                return solid.distance(x, y, z);
            }

            @Override
            public Reach reach() {
                return reach;
            }
        };
    }

    /** A vertical column with an elliptic section, between two heights. */
    static Solid column(double cx, double cy, double rx, double ry, double bottom, double top) {
        double r = Math.min(rx, ry);
        return within(new Reach(cx - rx, cx + rx, cy - ry, cy + ry, bottom, top), (x, y, z) -> {
            double u = (x - cx) / rx;
            double v = (y - cy) / ry;
            double side = (Math.sqrt(u * u + v * v) - 1) * r;
            return Math.max(side, Math.max(bottom - z, z - top));
        });
    }

    /** A vertical plate along the line from (ax, ay) to (bx, by), below a height. */
    static Solid plate(double ax, double ay, double bx, double by, double halfThickness, double top) {
        double lx = bx - ax;
        double ly = by - ay;
        double length2 = lx * lx + ly * ly;
        Reach reach = new Reach(
                Math.min(ax, bx) - halfThickness,
                Math.max(ax, bx) + halfThickness,
                Math.min(ay, by) - halfThickness,
                Math.max(ay, by) + halfThickness,
                Reach.FLOOR,
                top);
        return within(reach, (x, y, z) -> {
            double t = Math.max(0, Math.min(1, ((x - ax) * lx + (y - ay) * ly) / length2));
            double dx = x - ax - t * lx;
            double dy = y - ay - t * ly;
            return Math.max(Math.sqrt(dx * dx + dy * dy) - halfThickness, z - top);
        });
    }
}
