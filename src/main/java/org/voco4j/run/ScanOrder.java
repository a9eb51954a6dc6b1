package org.voco4j.run;

import java.util.SplittableRandom;
import org.voco4j.augment.Draws;

/**
 * The endless sequence of epochs over a number of scans: every epoch is a permutation drawn from its number alone.
 *
 * @param draws a branch of the run's draws
 * @param count the number of scans
 */
public record ScanOrder(Draws draws, int count) {

    /** The scan, from 0, at a place of the sequence. */
    public int at(long place) {
        SplittableRandom random = draws.at(place / count).random();
        int[] order = new int[count];
        for (int i = 0; i < count; i++) { // Fisher–Yates, inside out
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order[(int) (place % count)];
    }
}
