package org.voco4j.pretext.gate;

/**
 * R² of a frozen probe before and after pre-training, on the same crops; NaN with fewer than three held-out scans.
 *
 * @param untrained of the network as it was drawn
 * @param trained of the trained one
 */
public record ProbeScores(double untrained, double trained) {}
