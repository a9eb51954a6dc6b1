package org.voco4j.pretext;

/**
 * What a verdict must know of a run to name the likely cause.
 *
 * @param projectorNorm whether the projector normalises over the batch
 * @param stopGradient whether the bases are frozen in the prediction loss
 * @param learningRate the largest learning rate of the schedule
 * @param flipProbability the probability of a flip or rotation by 90° of a crop, 0 = none
 * @param steps optimiser steps done
 * @param cropsPerVolume random crops per volume and step
 * @param trainingScans scans trained on
 * @param minimumSteps a run of fewer steps that has not learned is only told that it is early
 */
public record RunFacts(
        boolean projectorNorm,
        boolean stopGradient,
        double learningRate,
        double flipProbability,
        int steps,
        int cropsPerVolume,
        int trainingScans,
        int minimumSteps) {}
