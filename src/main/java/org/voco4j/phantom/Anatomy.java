package org.voco4j.phantom;

/**
 * The organs of one patient: where they are in the standard torso, how they vary, in which order they are painted.
 *
 * <p>All organs under the diaphragm follow the breath, the higher ones more; each is then moved and stretched a little
 * on its own.
 */
final class Anatomy {
    private static final int[] SIDES = {-1, 1}; // left, right

    private final PhantomRandom draws;
    private final BodyFrame build;
    private final TissueValues contrast;

    Anatomy(PhantomRandom draws, BodyFrame build, TissueValues contrast) {
        this.draws = draws;
        this.build = build;
        this.contrast = contrast;
    }

    /**
     * Paints everything.
     *
     * @param texture two smooth random fields with sd 1 on the canvas's grid, from which vessels and mottling come
     */
    void paint(Canvas canvas, float[][] texture) {
        canvas.fill(build.layers(contrast.fat(), contrast.muscle(), contrast.bone()));
        muscles(canvas);
        new Chest(draws.fork(), build, contrast).paintLungs(canvas, texture);
        new Bowel(draws.fork(), build, contrast).paint(canvas, texture[0]);
        upperAbdomen(canvas, texture);
        kidneys(canvas);
        new Chest(draws.fork(), build, contrast).paintHeart(canvas);
        bones(canvas, texture[1]);
    }

    private void muscles(Canvas canvas) {
        double bulk = 1 + draws.normal(0.12);
        for (int side : SIDES) {
            Solid back = Solid.column(32 * side, -78, 26 * bulk, 17 * bulk, Reach.FLOOR, Reach.CEILING);
            canvas.paint(back.and(build.cavity()), contrast.muscle(), 0);
            canvas.paint(Solid.column(36 * side, -48, 15 * bulk, 18 * bulk, Reach.FLOOR, -95), contrast.muscle(), 0);
        }
    }

    private void upperAbdomen(Canvas canvas, float[][] texture) {
        Solid room = build.belowDiaphragm().and(build.cavity());
        Ellipsoid right = vary(new Ellipsoid(56, 4, -52, 72, 74, 80, 0.1, -0.1, 0), 1, 7, 0.10);
        Ellipsoid left = vary(new Ellipsoid(0, 36, -30, 66, 36, 34, 0, 0.15, 0.12), 1, 8, 0.14);
        stomach(canvas, room, vary(new Ellipsoid(-58, 20, -52, 36, 38, 50, 0.25, -0.3, 0.1), 0.9, 10, 0.18));
        Ellipsoid spleen = vary(new Ellipsoid(-92, -36, -46, 28, 42, 50, 0.15, 0.2, -0.35), 0.9, 8, 0.16);
        canvas.paint(spleen.and(room), contrast.spleen(), Organ.SPLEEN.label());
        Canvas.Tissue liver = (voxel, x, y, z) -> {
            double u = texture[0][voxel];
            double v = texture[1][voxel];
            boolean vein = u * u + v * v < 0.035 && z < -5;
            return vein ? contrast.vein() : contrast.liver() + 4 * u;
        };
        canvas.paint(right.or(left).and(room), liver, Organ.LIVER.label());
        lesions(canvas, right.and(room));
        Ellipsoid gallbladder = vary(new Ellipsoid(38, 38, -92, 13, 14, 26), 0.8, 8, 0.2);
        if (draws.chance(0.8)) {
            canvas.paint(gallbladder, 10, 0);
        }
        Ellipsoid pancreas = vary(new Ellipsoid(-12, -4, -88, 52, 11, 13, 0, 0, -0.2), 0.7, 8, 0.15);
        canvas.paint(pancreas, contrast.wall() + 15, 0);
    }

    /** Fluid below, gas in front: the patient lies on the back. */
    private void stomach(Canvas canvas, Solid room, Ellipsoid stomach) {
        double level = stomach.cy() + draws.uniform(-0.3, 1.1) * stomach.ry();
        double content = draws.chance(0.25) ? draws.uniform(120, 300) : draws.uniform(0, 45);
        canvas.paint(stomach.and(room), contrast.wall(), Organ.STOMACH.label());
        canvas.paint(
                stomach.scaled(0.88).and(room), (voxel, x, y, z) -> y > level ? -900 : content, Organ.STOMACH.label());
    }

    private void lesions(Canvas canvas, Solid liver) {
        for (int left = draws.between(0, 5) - 2; left > 0; left--) {
            double r = draws.uniform(5, 16);
            Ellipsoid lesion = new Ellipsoid(
                    draws.uniform(25, 95), draws.uniform(-40, 45), draws.uniform(-100, -20) + build.breath(), r, r, r);
            canvas.paint(lesion.and(liver), contrast.liver() - 35, Organ.LIVER.label());
        }
    }

    private void kidneys(Canvas canvas) {
        kidney(canvas, new Ellipsoid(55, -48, -122, 25, 24, 50, 0.18, 0.1, -0.3), Organ.RIGHT_KIDNEY);
        kidney(canvas, new Ellipsoid(-56, -46, -106, 25, 24, 51, -0.18, 0.1, 0.3), Organ.LEFT_KIDNEY);
    }

    private void kidney(Canvas canvas, Ellipsoid standard, Organ organ) {
        Ellipsoid kidney = vary(standard, 0.6, 7, 0.11);
        canvas.paint(kidney, contrast.kidney(), organ.label());
        canvas.paint(kidney.scaled(0.62), 0.6 * contrast.kidney() + 10, organ.label());
        double hilum = standard.cx() > 0 ? -14 : 14;
        Ellipsoid pelvis = new Ellipsoid(kidney.cx() + hilum, kidney.cy() + 4, kidney.cz(), 12, 8, 14);
        canvas.paint(pelvis, draws.chance(0.7) ? contrast.fat() + 40 : 5, 0);
        if (draws.chance(0.25)) {
            double r = draws.uniform(6, 18);
            double z = kidney.cz() + draws.uniform(-35, 35);
            canvas.paint(new Ellipsoid(kidney.cx() - hilum, kidney.cy(), z, r, r, r), 5, 0);
        }
    }

    private void bones(Canvas canvas, float[] texture) {
        double pitch = 31 * (1 + draws.normal(0.06));
        double phase = draws.uniform(0, 1);
        Solid column = Solid.column(0, -60, 20, 17, Reach.FLOOR, Reach.CEILING)
                .or(Solid.column(0, -88, 5, 16, Reach.FLOOR, Reach.CEILING))
                .or(Solid.column(0, -79, 25, 6, Reach.FLOOR, Reach.CEILING));
        Canvas.Tissue tissue = (voxel, x, y, z) -> {
            double turns = z / pitch + phase;
            double part = turns - Math.floor(turns);
            boolean behind = y < -76;
            if (part < 0.2) {
                return behind ? contrast.muscle() : 85; // a disc, and muscle between the arches
            }
            double edge = x * x / 400 + (y + 60) * (y + 60) / 289;
            double spongy = 0.55 * contrast.bone() + 15 * texture[voxel];
            return behind || edge > 0.72 || part < 0.28 ? 1.4 * contrast.bone() : spongy;
        };
        canvas.paint(column, tissue, Organ.SPINE.label());
        canvas.paint(Solid.column(0, -82, 8, 7, Reach.FLOOR, Reach.CEILING), 25, Organ.SPINE.label());
        for (int side : SIDES) {
            Solid wing = Solid.plate(36 * side, -66, 108 * side, 12, 8, -205 + draws.normal(8));
            canvas.paint(wing, contrast.bone(), 0);
        }
    }

    private Ellipsoid vary(Ellipsoid standard, double breathShare, double shift, double stretch) {
        return standard.varied(draws, breathShare * build.breath(), shift, stretch);
    }
}
