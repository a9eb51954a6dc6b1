package org.voco4j.downstream.segment;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.voco4j.downstream.model.Blend;

/**
 * How one scan is segmented.
 *
 * @param overlap of windows, per axis in [0, 1); null: the model's
 * @param blend what overlapping windows weigh; null: the model's
 * @param mirror whether the mean over all reflections of a window along its axes is taken, which takes 8 times as long; only
 *     for models that were trained with reflections, and never where classes name sides
 * @param probabilities whether each class's probability of every voxel is wanted too, which takes 4 bytes for each of them
 * @param largestComponent whether of each class only the largest connected part (26 neighbours) is kept
 * @param maxMemory bytes that the process may hold; null: as much as it takes
 * @param threads for computing, 0: as many as this thread has anyway
 * @param progress is told of every window
 * @param cancelled asked after every window; once true, the call ends with a
 *     {@link java.util.concurrent.CancellationException}
 */
public record SegmenterOptions(
        @Nullable Double overlap,
        @Nullable Blend blend,
        boolean mirror,
        boolean probabilities,
        boolean largestComponent,
        @Nullable Long maxMemory,
        int threads,
        Progress progress,
        BooleanSupplier cancelled) {
    /** What the model says, and nothing more. */
    public static final SegmenterOptions DEFAULT =
            new SegmenterOptions(null, null, false, false, false, null, 0, (done, of) -> {}, () -> false);

    /** Windows of another overlap, or null for the model's. */
    public SegmenterOptions withOverlap(@Nullable Double share) {
        return new SegmenterOptions(
                share, blend, mirror, probabilities, largestComponent, maxMemory, threads, progress, cancelled);
    }

    /** Windows with other weights, or null for the model's. */
    public SegmenterOptions withBlend(@Nullable Blend other) {
        return new SegmenterOptions(
                overlap, other, mirror, probabilities, largestComponent, maxMemory, threads, progress, cancelled);
    }

    /** With or without reflections. */
    public SegmenterOptions withMirror(boolean on) {
        return new SegmenterOptions(
                overlap, blend, on, probabilities, largestComponent, maxMemory, threads, progress, cancelled);
    }

    /** With or without probabilities. */
    public SegmenterOptions withProbabilities(boolean on) {
        return new SegmenterOptions(
                overlap, blend, mirror, on, largestComponent, maxMemory, threads, progress, cancelled);
    }

    /** With the largest part of each class, or all of them. */
    public SegmenterOptions withLargestComponent(boolean on) {
        return new SegmenterOptions(overlap, blend, mirror, probabilities, on, maxMemory, threads, progress, cancelled);
    }

    /** Within so many bytes, or null for no bound. */
    public SegmenterOptions withMaxMemory(@Nullable Long bytes) {
        return new SegmenterOptions(
                overlap, blend, mirror, probabilities, largestComponent, bytes, threads, progress, cancelled);
    }

    /** With so many threads. */
    public SegmenterOptions withThreads(int count) {
        return new SegmenterOptions(
                overlap, blend, mirror, probabilities, largestComponent, maxMemory, count, progress, cancelled);
    }

    /** Followed by somebody. */
    public SegmenterOptions withProgress(Progress follower) {
        return new SegmenterOptions(
                overlap, blend, mirror, probabilities, largestComponent, maxMemory, threads, follower, cancelled);
    }

    /** Until somebody says so. */
    public SegmenterOptions withCancelled(BooleanSupplier asked) {
        return new SegmenterOptions(
                overlap, blend, mirror, probabilities, largestComponent, maxMemory, threads, progress, asked);
    }
}
