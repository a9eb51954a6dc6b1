package org.voco4j.pretext.transvw;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Visual words: places of scans on one grid, drawn once, at which the anatomy of all patients is alike. */
record Words(Shape3 volume, List<Box> places) {
    private static final int TRIES = 10_000;
    private static final int STANDARD_EDGE = 64; // voxels, for which TransVW states the numbers below
    private static final int LEAST_EDGE = 50;
    private static final int MOST_EDGE = 79;
    private static final int MOST_OFFSET = 10;
    private static final int VERSIONS = 3; // of a word: as it is, and at two other sizes

    /**
     * Draws words.
     *
     * @param size voxels of a word
     * @param apart voxels between two corners along one axis at least
     * @throws IllegalArgumentException if so many find no room
     */
    static Words draw(Shape3 volume, Shape3 size, int count, int apart, SplittableRandom random) {
        List<Box> places = new ArrayList<>();
        for (int tries = 0; places.size() < count; tries++) {
            if (tries == TRIES) {
                throw new IllegalArgumentException("pretext.words: " + count + " words of " + size
                        + " voxels, pretext.apart "
                        + apart + " voxels from each other, find no room in scans of " + volume + "; " + places.size()
                        + " do");
            }
            Box place = Box.at(
                    random.nextInt(volume.x() - size.x() + 1),
                    random.nextInt(volume.y() - size.y() + 1),
                    random.nextInt(volume.z() - size.z() + 1),
                    size);
            if (places.stream().allMatch(other -> distance(place, other) >= apart)) {
                places.add(place);
            }
        }
        return new Words(volume, places);
    }

    private static int distance(Box a, Box b) {
        int most = 0;
        for (int axis = 0; axis < 3; axis++) {
            most = Math.max(most, Math.abs(a.low(axis) - b.low(axis)));
        }
        return most;
    }

    /** A word as one of its versions shows it: in two of three another size in the plane, a little beside its place. */
    Box version(int word, SplittableRandom random) {
        Box place = places.get(word);
        if (random.nextInt(VERSIONS) == 0) {
            return place;
        }
        int[] low = {place.x0(), place.y0()};
        int[] size = new int[2];
        for (int axis = 0; axis < 2; axis++) {
            int edge = place.shape().along(axis);
            size[axis] = Math.min(volume.along(axis), edge * random.nextInt(LEAST_EDGE, MOST_EDGE + 1) / STANDARD_EDGE);
            int offset = Math.round((float) edge * random.nextInt(-MOST_OFFSET, MOST_OFFSET) / STANDARD_EDGE);
            low[axis] = Math.max(0, Math.min(volume.along(axis) - size[axis], low[axis] + offset));
        }
        return Box.at(low[0], low[1], place.z0(), new Shape3(size[0], size[1], place.z1() - place.z0()));
    }
}
