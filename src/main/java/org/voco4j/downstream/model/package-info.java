/** Files of fine-tuned models: weights, and the card that says what they are for. */
@NullMarked
package org.voco4j.downstream.model;

import org.jspecify.annotations.NullMarked;
