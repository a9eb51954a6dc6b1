/** Losses of segmentation. */
@NullMarked
package org.voco4j.downstream.loss;

import org.jspecify.annotations.NullMarked;
