package org.voco4j.phantom;

/**
 * The random numbers of one torso: SplitMix64, written out so that the same seed gives the same torso on every Java
 * runtime. Only additions, multiplications and shifts are used.
 */
final class PhantomRandom {
    private long state;

    PhantomRandom(long seed) {
        state = seed;
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Another stream, so that a change of one part of the torso leaves the others alone. */
    PhantomRandom fork() {
        return new PhantomRandom(next());
    }

    /** Uniform in [low, high). */
    double uniform(double low, double high) {
        return low + (high - low) * (next() >>> 11) * 0x1p-53;
    }

    /** A whole number, low and high included. */
    int between(int low, int high) {
        return low + (int) ((next() >>> 33) % (high - low + 1));
    }

    boolean chance(double probability) {
        return uniform(0, 1) < probability;
    }

    /** Bell-shaped with mean 0 and the given sd: the sum of four uniform numbers, never beyond 3.5 sd. */
    double normal(double sd) {
        long bits = next();
        long sum = (bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48);
        return sd * (sum - 2 * 65535.0) * (1.7320508075688772 / 65536);
    }
}
