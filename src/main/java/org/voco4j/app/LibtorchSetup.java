package org.voco4j.app;

import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Engine;

/** Readies libtorch for a command. */
final class LibtorchSetup {
    private LibtorchSetup() {}

    /**
     * Loads libtorch with the threads asked for.
     *
     * @return the device asked for
     */
    static Device prepare(CommonOptions common) {
        Engine.load();
        Engine.threads(common.threads());
        return common.device();
    }
}
