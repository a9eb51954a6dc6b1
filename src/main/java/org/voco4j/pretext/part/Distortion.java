package org.voco4j.pretext.part;

import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/**
 * The chain of Models Genesis: shuffling of small blocks, a curve of intensities, and noise in boxes or all around them, each
 * with a probability of its own.
 *
 * @param shuffle probability of local shuffling
 * @param curve probability of the curve
 * @param paint probability of painting
 * @param inner of painting, that it is inside boxes and not around them
 */
public record Distortion(double shuffle, double curve, double paint, double inner) {
    /** Checks the numbers. */
    public Distortion {
        for (double probability : new double[] {shuffle, curve, paint, inner}) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "pretext.distortion holds probabilities in [0, 1], not " + probability);
            }
        }
    }

    /** A crop of values in [0, 1], distorted by chance. */
    public float[] of(float[] crop, Shape3 shape, SplittableRandom random) {
        float[] distorted = crop;
        if (random.nextDouble() < shuffle) {
            distorted = LocalShuffle.of(distorted, shape, random);
        }
        if (random.nextDouble() < curve) {
            distorted = IntensityCurve.draw(random).of(distorted);
        }
        if (random.nextDouble() < paint) {
            boolean inside = random.nextDouble() < inner;
            List<Box> boxes = inside ? Painting.inner(shape, random) : Painting.outer(shape, random);
            float[] noise = Painting.noise(shape, random);
            distorted =
                    inside ? Painting.of(distorted, noise, shape, boxes) : Painting.of(noise, distorted, shape, boxes);
        }
        return distorted;
    }
}
