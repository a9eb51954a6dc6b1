package org.voco4j.app;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.run.Resources;
import picocli.CommandLine.Option;

/** How much memory the process may take; a command adds it, or that of segmenting, with {@code @Mixin}. */
final class MemoryOption {
    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "What the process may take, such as 12G (default: half of this machine's memory)."
                    + " Crops go through the encoder in chunks that fit.")
    private @Nullable Long maxMemory;

    boolean given() {
        return maxMemory != null;
    }

    Resources resources(Device device) {
        return new Resources(device, maxMemory);
    }

    /** The same of segmenting. */
    static final class OfSegmenting {
        @Option(
                names = "--max-memory",
                paramLabel = "SIZE",
                converter = MemorySize.class,
                description =
                        "What the process may take, such as 8G (default: half of this machine's memory). A scan for"
                                + " which that is little is done in strips; the result is the same.")
        private @Nullable Long maxMemory;

        long bytes() {
            return new Resources(Device.CPU, maxMemory).limit();
        }
    }
}
