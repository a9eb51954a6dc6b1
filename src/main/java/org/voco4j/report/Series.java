package org.voco4j.report;

/** One curve y(x) of a {@link Panel}; points whose x or y is not finite are gaps. */
public final class Series {
    /** How a curve is drawn. */
    private enum Kind {
        SOLID,
        DASHED,
        LEVEL
    }

    private final String name;
    private final double[] x;
    private final double[] y;
    private final Kind kind;

    private Series(String name, double[] x, double[] y, Kind kind) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "the curve '" + name + "' has " + x.length + " positions and " + y.length + " values");
        }
        this.name = name;
        this.x = x;
        this.y = y;
        this.kind = kind;
    }

    /**
     * A solid curve.
     *
     * @param name what stands beside the curve
     * @param x the positions, ascending; not copied
     * @param y the values; not copied
     * @throws IllegalArgumentException if there are not as many values as positions
     */
    public static Series solid(String name, double[] x, double[] y) {
        return new Series(name, x, y, Kind.SOLID);
    }

    /**
     * A dashed curve.
     *
     * @param name what stands beside the curve
     * @param x the positions, ascending; not copied
     * @param y the values; not copied
     * @throws IllegalArgumentException if there are not as many values as positions
     */
    public static Series dashed(String name, double[] x, double[] y) {
        return new Series(name, x, y, Kind.DASHED);
    }

    /** A control, y(x) = value for all x: a dashed grey line across the whole panel. */
    public static Series level(String name, double value) {
        return new Series(name, new double[] {Double.NaN}, new double[] {value}, Kind.LEVEL);
    }

    /** The same curve through other points. */
    Series through(double[] otherX, double[] otherY) {
        return new Series(name, otherX, otherY, kind);
    }

    String name() {
        return name;
    }

    int length() {
        return x.length;
    }

    double x(int i) {
        return x[i];
    }

    double y(int i) {
        return y[i];
    }

    boolean isLevel() {
        return kind == Kind.LEVEL;
    }

    boolean isDashed() {
        return kind != Kind.SOLID;
    }

    /** Whether the i-th point can be drawn. */
    boolean isPoint(int i) {
        return Double.isFinite(x[i]) && Double.isFinite(y[i]);
    }

    /** The number of points that can be drawn. */
    int points() {
        int points = 0;
        for (int i = 0; i < x.length; i++) {
            points += isPoint(i) ? 1 : 0;
        }
        return points;
    }

    /** The last value that is a number, or NaN. */
    double last() {
        for (int i = y.length - 1; i >= 0; i--) {
            if (Double.isFinite(y[i])) {
                return y[i];
            }
        }
        return Double.NaN;
    }
}
