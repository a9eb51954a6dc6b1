package org.voco4j.engine.tensor;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.pytorch.MemCopyFunction;

/**
 * The C++ destructors of libtorch's static objects, which the C library runs when a process ends.
 *
 * <p>The virtual machine does not wait for threads that are in native code: it calls {@code exit}, and a thread that is
 * still computing (a signal came in the middle of a step, or a pool outlived its command) then uses objects that were just
 * destroyed, which ends the process with SIGSEGV or SIGABRT instead of its exit code.
 */
final class Teardown {
    private Teardown() {}

    /**
     * Has {@code exit} end the process at once, with the exit code that it was given, before any destructor that is
     * registered by now: {@code on_exit(_exit)}, and what is registered last runs first.
     *
     * <p>JavaCPP calls a C function at an address through a function pointer of three arguments; {@code on_exit} takes two
     * and leaves the third alone. Where the C library has no {@code on_exit} (macOS, Windows) everything stays as it is.
     */
    static void skip() {
        Pointer register = Loader.addressof("on_exit");
        Pointer end = Loader.addressof("_exit");
        if (register == null || end == null) {
            return;
        }
        try (PointerPointer<Pointer> function = new PointerPointer<>(1);
                MemCopyFunction call = new MemCopyFunction(function.put(0, register))) {
            call.call(end, null, 0);
        }
    }
}
