package org.voco4j.network;

/** What takes the views of a step a few at a time, so that they need less memory. */
public interface Chunked {
    /** Whether views may go through the encoder a few at a time: it must not mix samples. */
    boolean takesChunks();

    /**
     * From now on so many views go through the encoder at once, in training and in the gate; at first all do.
     *
     * @throws IllegalArgumentException if that is less than 1, or the encoder takes whole batches only
     */
    void chunk(int views);

    /**
     * Does what a chunk costs in a step, on empty views: all its forward passes, and backward into the gradients.
     *
     * @param views of the chunk
     * @param whole whether it is all that a step has, which saves a forward pass
     */
    void trial(int views, boolean whole);
}
