package org.voco4j.pretext;

import java.util.Map;
import org.voco4j.engine.tensor.Tensor;

/**
 * The loss of one step.
 *
 * @param total what is differentiated
 * @param parts what it is made of and what is worth watching beside it, by name
 */
public record Loss(Tensor total, Map<String, Tensor> parts) {}
