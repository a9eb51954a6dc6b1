/** Measures of features without training: position retrieval and its controls, frozen probes, spread. */
@NullMarked
package org.voco4j.measure.feature;

import org.jspecify.annotations.NullMarked;
