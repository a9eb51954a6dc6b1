package org.voco4j;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.voco4j.engine.tensor.Engine;

/** One thread for many small operations: on a busy machine several mostly wait for each other. */
public final class OneThread implements BeforeAllCallback, AfterAllCallback {
    private int before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = Engine.threads();
        Engine.threads(1);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Engine.threads(before);
    }
}
