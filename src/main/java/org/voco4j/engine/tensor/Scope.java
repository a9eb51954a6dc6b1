package org.voco4j.engine.tensor;

import org.bytedeco.javacpp.PointerScope;

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
    private final PointerScope scope;

    private Scope(PointerScope scope) {
        this.scope = scope;
    }

    /** Opens a scope inside the current one. */
    public static Scope open() {
        Engine.load();
        return new Scope(new PointerScope());
    }

    /** Lets a tensor outlive this scope. */
    public Tensor keep(Tensor tensor) {
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
        scope.close();
    }
}
