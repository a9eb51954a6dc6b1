package org.voco4j.phantom;

import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Crop;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * A synthetic CT of a torso with its organ labels.
 *
 * <p>Organs are analytic solids in a standard torso. A patient is that torso at another size, breathed in or out, with
 * every organ moved and stretched on its own, smoothly bent as a whole, fat or thin, in one of three contrast phases,
 * sometimes with airless lung, fluid or liver lesions. A scan has its own field of view, voxel size, rotation on the
 * table, noise and shading. What stays are the relations by which positions can be learned: the liver on the right
 * under the lung, the spleen behind the stomach on the left, and so on.
 *
 * <p>The variation is set so that brightness alone does not tell positions: with a 4x4x1 grid of bases, cross-scan
 * retrieval is about 0.36 for a linear probe on the means and air shares of a crop's octants, 0.31 for raw
 * pixels and 0.14 for histograms (three sets of 20 torsos, 0.32–0.40, 0.29–0.33 and 0.14); chance is 0.06.
 *
 * @param image Hounsfield units, −1024 to about 1000, on an axis-aligned RAS+ grid in millimetres
 * @param labels 0 or an {@link Organ#label()}, on the same grid
 */
public record Torso(Volume image, Volume labels) {

    /**
     * The torso of a seed: the same numbers on every machine and Java runtime.
     *
     * <p>96–122 x 80–112 x 56–80 voxels of 2.3–5.6 mm in the plane and 4–6 mm along z, in about 0.3 s on one thread.
     */
    public static Torso generate(long seed) {
        PhantomRandom draws = new PhantomRandom(seed);
        double fat = 5 + 40 * draws.uniform(0, 1) * draws.uniform(0.3, 1);
        BodyFrame build = new BodyFrame(fat, draws.normal(12), 1 + draws.normal(0.05), draws.uniform(0, 1));
        double width = 1.12 + draws.normal(0.08);
        double[] scale = {width, width * (1 + draws.normal(0.07)), 1 + draws.normal(0.06)};
        Scanner scanner = Scanner.draw(draws.fork(), (270 + 2.5 * fat) * scale[0], (190 + 2.2 * fat) * scale[1]);
        Canvas canvas = scanner.canvas(draws.fork(), scale);
        float[][] texture = {scanner.field(draws.fork(), 24, 1), scanner.field(draws.fork(), 24, 1)};
        new Anatomy(draws.fork(), build, TissueValues.draw(draws.fork())).paint(canvas, texture);
        scanner.degrade(draws.fork(), canvas, -(95 + 1.1 * fat) * scale[1]);
        Affine affine = scanner.affine();
        return new Torso(
                new Volume(scanner.shape(), affine, canvas.hu), new Volume(scanner.shape(), affine, canvas.labels));
    }

    /**
     * The torso of a seed in a scan that shows a part of its height, as scans of the chest or the abdomen do.
     *
     * @param least the least share of the height; the share is uniform from there to 1, and so is its place in what there is. With 1 the
     *     torso is whole
     * @throws IllegalArgumentException unless 0 &lt; least ≤ 1
     */
    public static Torso generate(long seed, double least) {
        if (!(least > 0 && least <= 1)) {
            throw new IllegalArgumentException(
                    "the least share of the height must be above 0 and at most 1, not " + least);
        }
        Torso whole = generate(seed);
        if (least == 1) {
            return whole;
        }
        PhantomRandom draws = new PhantomRandom(~seed); // apart from what makes the torso
        Shape3 shape = whole.image.shape();
        int height = Math.max(1, (int) Math.round(draws.uniform(least, 1) * shape.z()));
        int from = draws.between(0, shape.z() - height);
        Box shown = new Box(0, 0, from, shape.x(), shape.y(), from + height);
        return new Torso(Crop.apply(whole.image, shown), Crop.apply(whole.labels, shown));
    }
}
