package org.voco4j.pretext.part.pair;

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
     * Two parts of an image of one slice, drawn apart: an area from {@code least} of the image to all of it, and width to height from 3/4 to
     * 4/3, both as torchvision's RandomResizedCrop draws them; where ten draws do not fit, the whole image.
     */
    public static Law resized(double least) {
        return (scan, random) -> new PairedViews(part(scan, least, random), part(scan, least, random));
    }

    private static Box part(Shape3 image, double least, SplittableRandom random) {
        double range = Math.log(LOWEST_ASPECT);
        for (int i = 0; i < TRIES; i++) {
            double area = image.voxels() * (least + (1 - least) * random.nextDouble());
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
