package org.voco4j;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.voco4j.engine.tensor.Engine;

/** Gives every test of a class two threads, so that it runs two things abreast; afterwards there are as many as before. */
public final class TwoThreads implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace OWN = Namespace.create(TwoThreads.class);

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(OWN).put("before", Engine.threads());
        Engine.threads(2);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Engine.threads(test.getStore(OWN).get("before", Integer.class));
    }
}
