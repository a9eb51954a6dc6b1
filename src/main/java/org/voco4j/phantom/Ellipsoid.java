package org.voco4j.phantom;

/**
 * An ellipsoid with centre c and semi-axes r, sheared: its centre line leans by {@code leanX} and {@code leanY} per
 * millimetre of height, and its section by {@code skew} in y per millimetre of x.
 */
record Ellipsoid(
        double cx, double cy, double cz, double rx, double ry, double rz, double leanX, double leanY, double skew)
        implements Solid {

    Ellipsoid(double cx, double cy, double cz, double rx, double ry, double rz) {
        this(cx, cy, cz, rx, ry, rz, 0, 0, 0);
    }

    @Override
    public double distance(double x, double y, double z) {
        double w = z - cz;
        double u = x - cx - leanX * w;
        double v = y - cy - leanY * w - skew * u;
        double q2 = u * u / (rx * rx) + v * v / (ry * ry) + w * w / (rz * rz);
        return q2 > 6 ? FAR + 1 : (Math.sqrt(q2) - 1) * Math.min(rx, Math.min(ry, rz));
    }

    /** This ellipsoid with semi-axes changed by a factor. */
    Ellipsoid scaled(double factor) {
        return new Ellipsoid(cx, cy, cz, factor * rx, factor * ry, factor * rz, leanX, leanY, skew);
    }

    /**
     * Raised, moved a little and stretched, as a whole and along each axis.
     *
     * @param shift sd of the movement in millimetres
     * @param stretch sd of the stretch
     */
    Ellipsoid varied(PhantomRandom draws, double raise, double shift, double stretch) {
        double size = 1 + draws.normal(stretch / 2);
        return new Ellipsoid(
                cx + draws.normal(shift),
                cy + draws.normal(0.8 * shift),
                cz + raise + draws.normal(shift),
                rx * size * (1 + draws.normal(stretch)),
                ry * size * (1 + draws.normal(stretch)),
                rz * size * (1 + draws.normal(stretch)),
                leanX,
                leanY,
                skew);
    }

    @Override
    public Reach reach() {
        double wide = rx + Math.abs(leanX) * rz;
        double deep = ry + Math.abs(leanY) * rz + Math.abs(skew) * wide;
        return new Reach(cx - wide, cx + wide, cy - deep, cy + deep, cz - rz, cz + rz);
    }
}
