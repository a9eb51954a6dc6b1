package org.voco4j.phantom;

/** A box in the standard torso's millimetres. */
record Reach(double left, double right, double back, double front, double bottom, double top) {
    /** Below every scan. */
    static final double FLOOR = -1000;

    /** Above every scan. */
    static final double CEILING = 1000;

    static final Reach EVERYWHERE = between(FLOOR, CEILING);

    /** Everything between two heights. */
    static Reach between(double bottom, double top) {
        return new Reach(-1000, 1000, -1000, 1000, bottom, top);
    }

    /** The smallest box that holds both. */
    Reach around(Reach other) {
        return new Reach(
                Math.min(left, other.left),
                Math.max(right, other.right),
                Math.min(back, other.back),
                Math.max(front, other.front),
                Math.min(bottom, other.bottom),
                Math.max(top, other.top));
    }

    /** Whether a point lies in the box or at most a margin outside. */
    boolean holds(double x, double y, double z, double margin) {
        return x > left - margin
                && x < right + margin
                && y > back - margin
                && y < front + margin
                && z > bottom - margin
                && z < top + margin;
    }
}
