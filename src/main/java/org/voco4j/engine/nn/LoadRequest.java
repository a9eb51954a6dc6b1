package org.voco4j.engine.nn;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a network asks of a file of weights.
 *
 * @param wanted the names of this network that are asked for
 * @param role whose weights; null for those that fit best, the student's where both do
 * @param inputChannels C of the network, so that weights for another number are adapted; 0 leaves those out
 * @param grid the places along each axis that the network's position embeddings stand for, the last axis varying fastest;
 *     empty leaves embeddings of other grids out
 */
public record LoadRequest(
        Predicate<String> wanted, @Nullable Role role, int inputChannels, List<Integer> grid) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the grid has neither 2 nor 3 axes
     */
    public LoadRequest {
        grid = List.copyOf(grid);
        if (!grid.isEmpty() && grid.size() != 2 && grid.size() != 3) {
            throw new IllegalArgumentException("a grid of places has 2 or 3 axes, not those of " + grid);
        }
    }

    /** Names in the shapes that the network has. */
    public static LoadRequest of(Predicate<String> wanted) {
        return new LoadRequest(wanted, null, 0, List.of());
    }
}
