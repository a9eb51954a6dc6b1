/** Losses of classes, for pre-training and fine-tuning alike. */
@NullMarked
package org.voco4j.network.loss;

import org.jspecify.annotations.NullMarked;
