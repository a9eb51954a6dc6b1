package org.voco4j.engine.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stack and the memory of a pickle machine, charged to a budget as they grow.
 *
 * <p>What a pickle asks for that is not there is a {@link RuntimeException}: no pickler writes it.
 */
final class PickleStack {
    private static final Object MARK = new Object();

    private final Budget budget;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final List<@Nullable Object> memo = new ArrayList<>();
    private int deepest;

    PickleStack(Budget budget) {
        this.budget = budget;
    }

    void push(@Nullable Object value) throws IOException {
        if (stack.size() == deepest) {
            budget.charge(24);
            deepest++;
        }
        stack.add(value);
    }

    void mark() throws IOException {
        push(MARK);
    }

    @Nullable
    Object top() {
        Object value = stack.get(stack.size() - 1);
        if (value == MARK) {
            throw new IllegalStateException("a mark where a value should be");
        }
        return value;
    }

    @Nullable
    Object pop() {
        Object value = top();
        drop();
        return value;
    }

    /** What is popped must not be None. */
    Object popValue() {
        return Objects.requireNonNull(pop());
    }

    /** Takes off a value or a mark. */
    void drop() {
        stack.remove(stack.size() - 1);
    }

    /** The last items, taken off the stack. */
    List<@Nullable Object> last(int count) throws IOException {
        budget.charge(48);
        List<@Nullable Object> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(0, pop());
        }
        return items;
    }

    /** The items above the last mark, taken off the stack with it. */
    List<@Nullable Object> popToMark() throws IOException {
        List<@Nullable Object> above = stack.subList(stack.lastIndexOf(MARK) + 1, stack.size());
        if (above.size() == stack.size()) {
            throw new IllegalStateException("no mark");
        }
        budget.charge(64 + 8L * above.size());
        List<@Nullable Object> items = new ArrayList<>(above);
        above.clear();
        drop();
        return items;
    }

    /** Remembers the top at the next free place. */
    void remember() throws IOException {
        remember(memo.size());
    }

    /** Remembers the top at a place. */
    void remember(long place) throws IOException {
        Object value = top();
        if (place >= memo.size()) {
            budget.charge(Math.multiplyExact(16, place + 1 - memo.size()));
            while (memo.size() <= place) {
                memo.add(null);
            }
        }
        memo.set((int) place, value);
    }

    @Nullable
    Object recall(long place) {
        return memo.get(Math.toIntExact(place));
    }
}
