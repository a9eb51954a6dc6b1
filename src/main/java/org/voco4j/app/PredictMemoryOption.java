package org.voco4j.app;

import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Device;
import org.voco4j.run.Resources;
import picocli.CommandLine.Option;

/** How much memory segmenting may take; a command adds it with {@code @Mixin}. */
final class PredictMemoryOption {
    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            description = "What the process may take, such as 8G (default: half of this machine's memory). A scan for"
                    + " which that is little is done in strips; the result is the same.")
    private @Nullable Long maxMemory;

    long bytes() {
        return new Resources(Device.CPU, maxMemory).limit();
    }
}
