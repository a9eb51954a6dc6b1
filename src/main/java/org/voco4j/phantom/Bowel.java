package org.voco4j.phantom;

/** Bowel: loops anywhere in the middle of the abdomen, and the colon along its sides; filled with anything. */
final class Bowel {
    private static final int LOOPS = 46;

    private final PhantomRandom draws;
    private final BodyFrame build;
    private final TissueValues contrast;
    private final double oral; // HU of the loops when the patient drank contrast agent

    Bowel(PhantomRandom draws, BodyFrame build, TissueValues contrast) {
        this.draws = draws;
        this.build = build;
        this.contrast = contrast;
        oral = draws.chance(0.3) ? draws.uniform(120, 300) : 0;
    }

    void paint(Canvas canvas, float[] texture) {
        for (int i = 0; i < LOOPS; i++) {
            loop(canvas);
        }
        colon(canvas, 96, -20, -95, texture);
        colon(canvas, -98, -24, -60, texture);
        Ellipsoid across = new Ellipsoid(
                draws.normal(8), 62 + draws.normal(6), -112 + draws.normal(18), 90, 16, 18, 0, 0, draws.normal(0.06));
        Solid room = build.cavity();
        double gas = across.cy() + draws.uniform(-18, 12);
        canvas.paint(across.and(room), contrast.wall(), 0);
        canvas.paint(across.scaled(0.85).and(room), (voxel, x, y, z) -> y > gas ? -900 : 30 + 40 * texture[voxel], 0);
    }

    private void loop(Canvas canvas) {
        double rx = draws.uniform(13, 30);
        double ry = draws.uniform(11, 20);
        double rz = draws.uniform(11, 24);
        Ellipsoid loop = new Ellipsoid(
                draws.uniform(-88, 88),
                draws.uniform(-28, 70),
                draws.uniform(-290, -85) + 0.4 * build.breath(),
                rx,
                ry,
                rz,
                draws.normal(0.3),
                draws.normal(0.3),
                draws.normal(0.4));
        double content = oral > 0 && draws.chance(0.6) ? oral : draws.uniform(5, 45);
        double level = draws.chance(0.3) ? loop.cy() + draws.uniform(-0.4, 0.8) * ry : 1e6;
        Solid room = build.cavity();
        canvas.paint(loop.and(room), contrast.wall(), 0);
        canvas.paint(loop.scaled(0.8).and(room), (voxel, x, y, z) -> y > level ? -850 : content, 0);
    }

    private void colon(Canvas canvas, double cx, double cy, double top, float[] texture) {
        double r = draws.uniform(13, 24);
        Solid tube = Solid.column(
                cx + draws.normal(6),
                cy + draws.normal(8),
                r,
                r,
                Reach.FLOOR,
                top + draws.normal(12) + 0.4 * build.breath());
        double gas = draws.uniform(-0.5, 1.2);
        canvas.paint(tube.and(build.cavity()), contrast.wall(), 0);
        Solid inner = Solid.within(tube.reach(), (x, y, z) -> tube.distance(x, y, z) + 3);
        canvas.paint(
                inner.and(build.cavity()),
                (voxel, x, y, z) -> texture[voxel] > gas ? -850 : 30 + 50 * texture[voxel],
                0);
    }
}
