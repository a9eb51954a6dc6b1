/** Accuracy, AUC and confusion of classifications. */
@NullMarked
package org.voco4j.measure.classification;

import org.jspecify.annotations.NullMarked;
