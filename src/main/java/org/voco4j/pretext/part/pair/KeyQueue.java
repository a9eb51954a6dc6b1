package org.voco4j.pretext.part.pair;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;

/** The last K keys of length 1, which further queries are to tell from their own; new keys take the place of the oldest. */
public final class KeyQueue {
    private final Tensor keys; // [K, D]
    private final Tensor next; // [1], where the next key goes

    /**
     * A queue that is full of other keys.
     *
     * @param keys [K, D], which are its own from now on; the first is the oldest
     */
    public KeyQueue(Tensor keys) {
        this.keys = keys.persist();
        next = Tensor.of(new long[] {0}, 1).persist();
    }

    /**
     * A queue of drawn numbers, uniform within ±√(3/D).
     *
     * @param size K
     * @param width D
     */
    public static KeyQueue drawn(int size, int width, long seed, Device device) {
        double bound = Math.sqrt(3.0 / width);
        SplittableRandom random = new SplittableRandom(seed);
        float[] drawn = new float[Math.multiplyExact(size, width)];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return new KeyQueue(Tensor.of(drawn, size, width).to(device));
    }

    /**
     * What queries have in common with their own keys, and with those of the queue.
     *
     * @param queries [B, D]
     * @param own [B, D]
     * @return [B, 1 + K], the own key first
     */
    public Tensor scores(Tensor queries, Tensor own) {
        Tensor before = keys.copy().to(queries.type()); // the graph must not see what is put in later
        return Tensor.concatenate(List.of(queries.times(own).sumKeeping(1), queries.matmul(before.transpose(0, 1))), 1);
    }

    /** Puts keys [B, D] in the place of the oldest. */
    public void put(Tensor fresh) {
        InPlace.add(next, put(keys, (long) next.item(), fresh) - next.item());
    }

    /**
     * Puts rows into a ring of rows, from a place on.
     *
     * @return the place behind them
     */
    public static long put(Tensor ring, long place, Tensor fresh) {
        long size = ring.size(0);
        long at = place;
        long from = 0;
        while (from < fresh.size(0)) {
            long length = Math.min(size - at, fresh.size(0) - from);
            ring.narrow(0, at, length).copyInPlace(fresh.narrow(0, from, length));
            from += length;
            at = (at + length) % size;
        }
        return at;
    }

    /** What a checkpoint must hold. */
    public Map<String, Tensor> state() {
        return Map.of("keys", keys, "next", next);
    }
}
