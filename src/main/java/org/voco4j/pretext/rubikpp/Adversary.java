package org.voco4j.pretext.rubikpp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.Chunks;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** The critic and what moves it: an AdamW of its own, at a rate that stays. */
final class Adversary {
    private static final double RATE = 1e-4;
    private static final double DECAY = 1e-2; // as the other weights'
    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.5, 0.999, 1e-8, false);

    /** Puts what is made of crops chunk by chunk together. */
    interface InChunks {
        /** [B, …] → [B, D], row by row. */
        Chunks of(UnaryOperator<Tensor> rows, Tensor crops);
    }

    private final Critic critic = new Critic();
    private final Optimizer optimizer;
    private final Shape3 view;

    Adversary(Setup setup) {
        view = setup.view();
        critic.initialise(setup.seed());
        critic.to(setup.device(), DType.F32);
        optimizer = new AdamW(SETTINGS).add(critic.weights(), 1, DECAY);
        critic.requireGradients(false);
    }

    /** What the critic says of crops, [B, 1, X, Y, Z] and the twisted ones → [B, P]; no gradient reaches its weights. */
    Tensor verdicts(Tensor candidates, Tensor twisted) {
        return critic.verdicts(Critic.pairs(candidates, twisted), view);
    }

    /** Moves the critic once, by crops [B, 1, X, Y, Z] each. */
    void move(Tensor originals, Tensor restored, Tensor twisted, InChunks chunks) {
        learn(originals, restored, twisted, chunks);
        optimizer.step(RATE);
        optimizer.clearGradients();
    }

    /** The same without moving: what it costs. */
    void trial(Tensor crops, InChunks chunks) {
        learn(crops, crops, crops, chunks);
        optimizer.clearGradients();
    }

    private void learn(Tensor originals, Tensor restored, Tensor twisted, InChunks chunks) {
        critic.requireGradients(true);
        Chunks ofOriginals = chunks.of(pairs -> critic.verdicts(pairs, view), Critic.pairs(originals, twisted));
        Chunks ofRestored = chunks.of(pairs -> critic.verdicts(pairs, view), Critic.pairs(restored, twisted));
        Tensor loss = Critic.loss(ofOriginals.features(), ofRestored.features());
        loss.backward();
        ofOriginals.backward();
        ofRestored.backward();
        critic.requireGradients(false);
    }

    /** Its weights and moments. */
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        critic.state().forEach((name, tensor) -> state.put("critic." + name, tensor));
        optimizer.state().forEach((name, tensor) -> state.put("critic.optimizer." + name, tensor));
        return state;
    }
}
