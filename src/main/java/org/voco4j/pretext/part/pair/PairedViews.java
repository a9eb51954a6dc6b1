package org.voco4j.pretext.part.pair;

import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * Two crops of a scan that show one place.
 *
 * @param first one of them
 * @param second the other
 */
public record PairedViews(Box first, Box second) {
    private static final double LOWEST_ASPECT = 3.0 / 4;
    private static final int TRIES = 10;
    private static final int MANY_TRIES = 1000;
    private static final double SHARED = 0.3; // of the union of two crops
    private static final List<List<Double>> SIZES =
            List.of(List.of(1.5, 1.5, 2.0), List.of(1.5, 1.5, 3.0), List.of(1.75, 1.75, 2.0), List.of(1.0, 1.0, 1.0));

    /**
     * Refuses a step of a single pair.
     *
     * @param method its name
     * @param pairs of all scans of a step
     * @param why what one pair cannot do
     * @throws IllegalArgumentException in these words
     */
    public static void requireTwo(String method, int pairs, String why) {
        if (pairs < 2) {
            throw new IllegalArgumentException("a step of " + method
                    + " needs at least 2 pairs, pretext.pairs x batch.volumes, not " + pairs + ": " + why);
        }
    }

    /** A way to draw pairs. */
    @FunctionalInterface
    public interface Law {
        /** Draws two crops of a scan. */
        PairedViews draw(Shape3 scan, SplittableRandom random);
    }

    /**
     * A crop of the size of a base anywhere in the scan, and another of that size that begins beside it (nnssl).
     *
     * <pre>  second offset, along each axis: uniform over [max(0, o − m), min(S − c, o + m)],   m = ⌊overlap·c⌋ </pre>
     *
     * @param overlap the share of a crop's edge c by which the second may lie beside the first, along each axis
     */
    public static Law shifted(double overlap) {
        return (scan, random) -> {
            Box first = RandomCrop.sample(scan, PretextMethod.GRID, random);
            int[] at = new int[3];
            for (int axis = 0; axis < 3; axis++) {
                int[] bounds = bounds(first.low(axis), first.shape().along(axis), scan.along(axis), overlap);
                at[axis] = bounds[0] + random.nextInt(bounds[1] - bounds[0] + 1);
            }
            return new PairedViews(first, Box.at(at[0], at[1], at[2], first.shape()));
        };
    }

    /** The lowest and the highest offset of the second crop along an axis, both included. */
    static int[] bounds(int first, int crop, int scan, double overlap) {
        int most = (int) Math.floor(overlap * crop);
        return new int[] {Math.max(0, first - most), Math.min(scan - crop, first + most)};
    }

    /**
     * Two crops anywhere in the scan, each of one of four sizes, drawn anew until more than 0.3 of their union is shared (PCRL).
     *
     * <p>Sizes are those of the source over its input of 64×64×32 voxels, of a base here: 1.5×1.5×2, 1.5×1.5×3, 1.75×1.75×2 or one base, no
     * larger than the scan. Where a thousand draws do not fit, the first crop is its own partner.
     */
    public static Law sharing() {
        return (scan, random) -> {
            PairedViews pair = new PairedViews(anySize(scan, random), anySize(scan, random));
            for (int i = 0; i < MANY_TRIES && !(pair.shared() > SHARED); i++) {
                pair = new PairedViews(anySize(scan, random), anySize(scan, random));
            }
            return pair.shared() > SHARED ? pair : new PairedViews(pair.first, pair.first);
        };
    }

    private static Box anySize(Shape3 scan, SplittableRandom random) {
        Shape3 base = RandomCrop.size(scan, PretextMethod.GRID);
        List<Double> size = SIZES.get(random.nextInt(SIZES.size()));
        int[] edges = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            edges[axis] = (int) Math.min(scan.along(axis), Math.round(size.get(axis) * base.along(axis)));
        }
        return RandomCrop.anywhere(scan, new Shape3(edges[0], edges[1], edges[2]), random);
    }

    /** The share of their union that both crops show. */
    public double shared() {
        double both = first.overlap(second);
        return both / (first.voxels() + second.voxels() - both);
    }

    /**
     * Two parts of an image of one slice, drawn apart: an area from {@code least} of the image to all of it, and width to height from 3/4 to
     * 4/3, both as torchvision's RandomResizedCrop draws them; where ten draws do not fit, the whole image.
     */
    public static Law resized(double least) {
        return (scan, random) -> new PairedViews(part(scan, least, 1, random), part(scan, least, 1, random));
    }

    /** One such part, of an area from {@code least} to {@code most} of the image. */
    public static Box part(Shape3 image, double least, double most, SplittableRandom random) {
        double range = Math.log(LOWEST_ASPECT);
        for (int i = 0; i < TRIES; i++) {
            double area = image.voxels() * (least + (most - least) * random.nextDouble());
            double aspect = Math.exp(range - 2 * range * random.nextDouble());
            int x = (int) Math.round(Math.sqrt(area * aspect));
            int y = (int) Math.round(Math.sqrt(area / aspect));
            if (x >= 1 && y >= 1 && x <= image.x() && y <= image.y()) {
                return Box.at(
                        random.nextInt(image.x() - x + 1),
                        random.nextInt(image.y() - y + 1),
                        0,
                        new Shape3(x, y, image.z()));
            }
        }
        return Box.of(image);
    }
}
