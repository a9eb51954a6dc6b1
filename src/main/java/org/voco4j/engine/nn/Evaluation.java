package org.voco4j.engine.nn;

/** A stretch of time, until it is closed, in which a module is used but not trained: its buffers stay as they are. */
public final class Evaluation implements AutoCloseable {
    private final Module module;
    private final boolean before;

    private Evaluation(Module module) {
        this.module = module;
        this.before = module.isTraining();
    }

    /** Begins. */
    public static Evaluation of(Module module) {
        Evaluation evaluation = new Evaluation(module);
        module.training(false);
        return evaluation;
    }

    @Override
    public void close() {
        module.training(before);
    }
}
