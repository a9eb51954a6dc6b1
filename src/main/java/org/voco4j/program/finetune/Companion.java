package org.voco4j.program.finetune;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.voco4j.downstream.loss.SegmentationLoss;
import org.voco4j.engine.nn.SegmentationNetwork;
import org.voco4j.engine.optim.Loss;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextTask;

/** What a segmentation network learns from beside patches of labelled scans, step by step. */
public interface Companion extends AutoCloseable {

    /** Takes the network's encoder for its own, before the first step; what else is to be moved, by factors on the network's rate and decay. */
    List<PretextTask.Group> join(SegmentationNetwork network);

    /** Everything that it changes in the course of a run, the network aside, by key. */
    Map<String, Tensor> state();

    /** Gets ready for the next step of a training. */
    void before(SegmentationTraining training) throws IOException, InterruptedException;

    /** The loss of a step: that of labelled patches, and what is added to it. */
    Loss with(Loss labelled, SegmentationNetwork network, SegmentationLoss objective);

    /** Follows up on a step. */
    void after();

    /** Does what a step costs beside the labelled patches, on empty scans, and moves nothing. */
    void trial();

    @Override
    void close();
}
