package org.voco4j.downstream;

import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Engine;
import org.voco4j.engine.tensor.Tensor;

/**
 * What calls hold outside the Java heap, and what the process holds that they can use again.
 *
 * <p>An allocator may keep what is freed (the launcher asks it to): then it counts as held by the process, and yet the next
 * call needs no more for as much.
 */
final class NativeUse {
    private static final int TRIAL = 1 << 24; // floats, 64 MiB

    private long inUse;
    private long most;
    private boolean tried;
    private boolean keeps;

    /** A call begins to hold so many bytes. */
    synchronized void take(long bytes) {
        inUse += bytes;
        most = Math.max(most, inUse);
    }

    /** A call holds so many bytes no longer. */
    synchronized void give(long bytes) {
        inUse -= bytes;
    }

    /** What the process holds now, less what the next call gets from what earlier ones freed. */
    synchronized long held() {
        if (!tried) {
            tried = true;
            long before = Engine.residentBytes();
            Tensor.zeros(DType.F32, TRIAL).close();
            keeps = Engine.residentBytes() - before > (long) TRIAL * Float.BYTES / 2;
            take(keeps ? (long) TRIAL * Float.BYTES : 0);
            give(keeps ? (long) TRIAL * Float.BYTES : 0);
        }
        return Engine.residentBytes() - (keeps ? most - inUse : 0);
    }

    /** What a piece of work needs while it runs, beyond what is left of it in the process afterwards. */
    static long of(Runnable work) {
        long held = Engine.residentBytes();
        long peak = Engine.peakResidentBytes();
        work.run();
        long kept = Math.max(0, Engine.residentBytes() - held);
        long most = Engine.peakResidentBytes();
        return most > peak ? Math.max(0, most - held - kept) : 0;
    }
}
