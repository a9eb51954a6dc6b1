package org.voco4j.pretext.part.pair;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.augment.IntensityAugmentation;
import org.voco4j.augment.IntensityAugmentation.Change;
import org.voco4j.volume.Shape3;

/**
 * What is done to each view, as keys of a recipe: a probability for what has no size, else a probability and the range that is drawn from.
 *
 * @param flip probability of a flip, per axis
 * @param rot90 probability of 1 to 3 quarter turns in the x–y plane
 * @param noise as {@link IntensityAugmentation} has it, like all that follow
 * @param blur [probability, least, most]
 * @param multiply [probability, least, most]
 * @param contrast [probability, least, most]
 * @param lowResolution [probability, least, most]
 * @param inverted [probability, least, most]
 * @param gamma [probability, least, most]
 * @param solarise [probability, least, most]
 */
public record ViewAugmentation(
        double flip,
        double rot90,
        List<Double> noise,
        List<Double> blur,
        List<Double> multiply,
        List<Double> contrast,
        List<Double> lowResolution,
        List<Double> inverted,
        List<Double> gamma,
        List<Double> solarise) {

    /** Checks the numbers. */
    public ViewAugmentation {
        new CropAugmentation(flip, rot90, 0, 0);
        intensities(noise, blur, multiply, contrast, lowResolution, inverted, gamma, solarise);
    }

    /**
     * What is done to one view.
     *
     * @param place flips and turns
     * @param intensity all else
     */
    public record View(CropAugmentation.View place, IntensityAugmentation.View intensity) {
        /** The view with it done, as a new array. */
        public float[] apply(float[] values, Shape3 shape) {
            return intensity.apply(place.apply(values, shape.x()), shape);
        }
    }

    /** Draws what is done to one view. */
    public View sample(SplittableRandom random) {
        return new View(
                new CropAugmentation(flip, rot90, 0, 0).sample(random),
                intensities(noise, blur, multiply, contrast, lowResolution, inverted, gamma, solarise)
                        .sample(random));
    }

    /** The same with other probabilities of a blur and of a solarisation. */
    public ViewAugmentation with(double blurred, double solarised) {
        return new ViewAugmentation(
                flip,
                rot90,
                noise,
                List.of(blurred, blur.get(1), blur.get(2)),
                multiply,
                contrast,
                lowResolution,
                inverted,
                gamma,
                List.of(solarised, solarise.get(1), solarise.get(2)));
    }

    /** Whether any change of intensities is ever done. */
    boolean changesIntensities() {
        return Stream.of(noise, blur, multiply, contrast, lowResolution, inverted, gamma, solarise)
                .anyMatch(change -> change.get(0) > 0);
    }

    private static IntensityAugmentation intensities(
            List<Double> noise,
            List<Double> blur,
            List<Double> multiply,
            List<Double> contrast,
            List<Double> lowResolution,
            List<Double> inverted,
            List<Double> gamma,
            List<Double> solarise) {
        return new IntensityAugmentation(
                change("noise", noise),
                change("blur", blur),
                change("multiply", multiply),
                change("contrast", contrast),
                change("lowResolution", lowResolution),
                change("inverted", inverted),
                change("gamma", gamma),
                change("solarise", solarise));
    }

    private static Change change(String key, List<Double> numbers) {
        if (numbers.size() != 3) {
            throw new IllegalArgumentException("pretext.augment." + key + " must be [probability, least, most], not "
                    + numbers.size() + " numbers");
        }
        try {
            return new Change(numbers.get(0), numbers.get(1), numbers.get(2));
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("pretext.augment." + key + ": " + refused.getMessage(), refused);
        }
    }
}
