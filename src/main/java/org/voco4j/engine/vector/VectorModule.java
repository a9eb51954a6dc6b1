package org.voco4j.engine.vector;

/** Whether this Java machine has the Vector API, found out without loading a class that needs it. */
public final class VectorModule {
    /**
     * Lanes that are worth it, and that say that products can be added to without rounding between: on Intel's and AMD's
     * processors that came with vectors of 8 numbers, and in its place Java would compute with big decimals.
     */
    private static final int LEAST = System.getProperty("os.arch").equals("aarch64") ? 4 : 8;

    private static final int LANES = lanesHere();

    private VectorModule() {}

    /** Whether kernels of this package can be used here. */
    public static boolean isUsable() {
        return LANES > 0;
    }

    /** Numbers of 32 bits in one vector of this processor; 0 where the kernels cannot be used. */
    public static int lanes() {
        return LANES;
    }

    private static int lanesHere() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return 0;
        }
        try {
            int lanes = Lanes.COUNT;
            return lanes >= LEAST ? lanes : 0;
        } catch (LinkageError another) { // a later form of the API, which is not promised to stay
            return 0;
        }
    }
}
