package org.voco4j.pretext;

import java.util.List;
import java.util.function.Function;

/**
 * What a verdict must know of a run to name the likely cause.
 *
 * @param learningRate the largest learning rate of the schedule
 * @param adaptive whether it is AdamW's, of which it is known what is high and what low
 * @param steps optimiser steps done
 * @param trainingScans scans trained on
 * @param minimumSteps a run of fewer steps that has not learned is only told that it is early
 * @param ofTheMethod causes that are the method's own
 */
public record RunFacts(
        double learningRate,
        boolean adaptive,
        int steps,
        int trainingScans,
        int minimumSteps,
        Function<Verdict, List<LikelyCause>> ofTheMethod) {}
