package org.voco4j.engine.store;

import java.nio.ByteBuffer;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** The bytes of a tensor as they lie in a file: row-major, little-endian, in pieces that fit a buffer. */
final class Pieces {
    static final int LONGEST = 1 << 24;

    private Pieces() {}

    /** Takes a piece. */
    interface Taker<E extends Exception> {
        void take(ByteBuffer piece) throws E;
    }

    static <E extends Exception> void of(Tensor tensor, Taker<E> taker) throws E {
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor plain = tensor.to(Device.CPU).reshape(tensor.count()); // a copy only where it must be one
            long bytes = plain.count() * plain.type().bytes();
            for (long at = 0; at < bytes; at += LONGEST) {
                taker.take(plain.bytes(at, (int) Math.min(LONGEST, bytes - at)));
            }
        }
    }
}
