package org.voco4j.augment;

import java.util.SplittableRandom;

/**
 * A point in the tree of all random draws of a run: a hash of (seed, counters…), with a generator of its own.
 *
 * <p>Because a draw depends only on where it stands in the tree (seed, step, volume, crop), neither the number of
 * loader threads nor the prefetch depth nor an interruption can change it, and a checkpoint needs only the step.
 *
 * @param key the hash so far
 */
public record Draws(long key) {

    /** The root of a run's draws. */
    public static Draws of(long seed) {
        return new Draws(mix(seed + 0x9E3779B97F4A7C15L));
    }

    /** The branch with the given number. */
    public Draws at(long counter) {
        return new Draws(mix(key ^ mix(counter + 0x632BE59BD9B4E019L)));
    }

    /** A fresh generator of this point; two calls give the same numbers. */
    public SplittableRandom random() {
        return new SplittableRandom(key);
    }

    /** The finaliser of MurmurHash3 with Stafford's constants: every input bit changes about half of the output. */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
