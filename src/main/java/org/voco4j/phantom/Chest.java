package org.voco4j.phantom;

/** The organs above the diaphragm and the large vessels. */
final class Chest {
    private final PhantomRandom draws;
    private final BodyFrame build;
    private final TissueValues contrast;

    Chest(PhantomRandom draws, BodyFrame build, TissueValues contrast) {
        this.draws = draws;
        this.build = build;
        this.contrast = contrast;
    }

    void paintLungs(Canvas canvas, float[][] texture) {
        double shift = draws.normal(6);
        Solid middle = Solid.column(shift - 3, 0, 27 + draws.normal(3), 85, -120, 165)
                .or(Solid.column(0, -62, 27, 24, -120, 210));
        Solid space = Solid.within(
                Reach.between(-110, 210), build.belowDiaphragm().outside().and(build.chest()));
        canvas.paint(middle.and(space), -35, 0);
        Solid lungs = space.less(middle);
        Canvas.Tissue tissue = (voxel, x, y, z) -> {
            double u = texture[0][voxel];
            double v = texture[1][voxel];
            double far = (Math.abs(Math.abs(x) - 28) + Math.abs(z - 70) + Math.abs(y + 10)) / 190;
            double near = 1 - Math.min(1, far); // to the hilum, where vessels are wide
            double vessel = 1 - (u * u + v * v) / (0.015 + 0.10 * near * near);
            return contrast.lung() + 90 * u + (vessel > 0 ? 900 * Math.min(1, 2 * vessel) : 0);
        };
        canvas.paint(lungs.and((x, y, z) -> -x), tissue, Organ.RIGHT_LUNG.label());
        canvas.paint(lungs.and((x, y, z) -> x), tissue, Organ.LEFT_LUNG.label());
        opacities(canvas, lungs, texture[1]);
        effusion(canvas, lungs, -1);
        effusion(canvas, lungs, 1);
    }

    /** Inflamed or airless parts of a lung; they stay lung. */
    private void opacities(Canvas canvas, Solid lungs, float[] texture) {
        for (int left = draws.chance(0.5) ? draws.between(1, 6) : 0; left > 0; left--) {
            double x = draws.uniform(35, 115) * (draws.chance(0.5) ? 1 : -1);
            Ellipsoid patch = new Ellipsoid(
                    x,
                    draws.uniform(-60, 50),
                    draws.uniform(-40, 150),
                    draws.uniform(12, 40),
                    draws.uniform(12, 40),
                    draws.uniform(12, 45));
            double hu = draws.uniform(-250, 60);
            Canvas.Tissue tissue = (voxel, px, py, pz) -> hu + 90 * texture[voxel];
            canvas.paint(patch.and(lungs), tissue, (x > 0 ? Organ.RIGHT_LUNG : Organ.LEFT_LUNG).label());
        }
    }

    /** Fluid behind a lung, now and then. */
    private void effusion(Canvas canvas, Solid lungs, int side) {
        if (draws.chance(0.25)) {
            double level = draws.uniform(-62, -35);
            Solid fluid = (x, y, z) -> Math.max(Math.max(y - level + 0.15 * z, z - 60), -side * x);
            canvas.paint(Solid.within(Reach.between(-110, 65), fluid).and(lungs), 12, 0);
        }
    }

    void paintHeart(Canvas canvas) {
        double shift = draws.normal(4);
        double radius = 10.5 + draws.normal(1.5);
        double top = 10 + build.breath();
        canvas.paint(Solid.column(18 + shift, -24, radius, radius - 1, Reach.FLOOR, top), contrast.vein(), 0);
        Ellipsoid heart =
                new Ellipsoid(-22, 27, 42, 47, 40, 44, -0.15, 0, -0.25).varied(draws, 0.6 * build.breath(), 7, 0.11);
        canvas.paint(heart.and(build.chest()), contrast.muscle() + 0.25 * contrast.heart(), Organ.HEART.label());
        for (int side : new int[] {-1, 1}) {
            Ellipsoid chamber = new Ellipsoid(heart.cx() + 19 * side, heart.cy() + 4 * side, heart.cz(), 15, 25, 28);
            canvas.paint(chamber, contrast.heart(), Organ.HEART.label());
        }
        canvas.paint(Solid.column(0, -12, 9, 9, 90, Reach.CEILING), -960, 0); // the windpipe
        canvas.paint(aorta(shift, radius), contrast.aorta(), Organ.AORTA.label());
    }

    /** Up from the heart, an arch to the left and back, down before the spine. */
    private Solid aorta(double shift, double radius) {
        double top = 105 + draws.normal(7);
        double wind = draws.normal(7);
        Solid rising = Solid.column(10, 12, radius + 2, radius + 2, 62, top);
        Solid falling = (x, y, z) -> {
            double t = (z + 60) / 120;
            double dx = x + 15 - shift - wind * (1 - t * t);
            double dy = y + 34 - Math.max(0, Math.min(1, -(z + 20) / 150)) * 10;
            return Math.max(Math.sqrt(dx * dx + dy * dy) - radius, z - top);
        };
        double t = (top + 60) / 120;
        double lx = wind * (1 - t * t) + shift - 25; // from the rising part to the falling part
        double ly = -46;
        double span = Math.sqrt(lx * lx + ly * ly);
        Solid arch = (x, y, z) -> {
            double along = ((x - 10) * lx + (y - 12) * ly) / span - span / 2;
            double across = ((x - 10) * ly - (y - 12) * lx) / span;
            double ring = Math.sqrt(along * along + (z - top) * (z - top)) - span / 2;
            return Math.max(Math.sqrt(ring * ring + across * across) - radius - 1, top - z);
        };
        Reach reach = new Reach(-90, 50, -70, 40, Reach.FLOOR, 190);
        return Solid.within(reach, rising.or(falling).or(arch));
    }
}
