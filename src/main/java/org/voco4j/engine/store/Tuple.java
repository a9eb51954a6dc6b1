package org.voco4j.engine.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Python's tuple: a list of fixed length.
 *
 * @param items null stands for None
 */
public record Tuple(List<@Nullable Object> items) {

    /** Copies the items. */
    public Tuple {
        items = Collections.unmodifiableList(new ArrayList<>(items));
    }

    /** A tuple of these items. */
    public static Tuple of(@Nullable Object... items) {
        return new Tuple(Arrays.asList(items));
    }
}
