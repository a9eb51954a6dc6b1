package org.voco4j.engine.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The owner of every tensor made while it is open, on this thread: closing it frees them at once.
 *
 * <p>One scope per training step or per window. A tensor leaves only by name: {@link #keep} hands it to the scope
 * around this one, or, where there is none, to the caller, who then closes it.
 *
 * <pre>{@code
 * try (Scope step = Scope.open()) {
 *     Tensor loss = ...;
 *     loss.backward();
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final @Nullable PointerScope scope;

    private Scope(@Nullable PointerScope scope) {
        this.scope = scope;
    }

    /** Opens a scope inside the current one. */
    public static Scope open() {
        Engine.load();
        return new Scope(new PointerScope());
    }

    /**
     * Opens a scope inside the current one; where there is none, one that frees nothing.
     *
     * <p>For parts of a network: what a caller without a scope computes gradients of is not theirs to free.
     */
    public static Scope nested() {
        Engine.load();
        var scopes = PointerScope.getScopeIterator();
        return new Scope(scopes != null && scopes.hasNext() ? new PointerScope() : null);
    }

    /** Lets a tensor outlive this scope. */
    public Tensor keep(Tensor tensor) {
        if (scope == null) {
            return tensor;
        }
        PointerScope around = null;
        boolean passed = false;
        for (var scopes = PointerScope.getScopeIterator(); around == null && scopes.hasNext(); ) {
            PointerScope candidate = scopes.next(); // innermost first
            if (passed) {
                around = candidate;
            }
            passed |= candidate == scope;
        }
        if (around == null) {
            tensor.handle.retainReference();
        } else {
            around.attach(tensor.handle);
        }
        return tensor;
    }

    /** Frees what was made inside and not kept. */
    @Override
    public void close() {
        if (scope != null) {
            scope.close();
        }
    }
}
