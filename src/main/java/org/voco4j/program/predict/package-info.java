/** Segmenting and classifying scans on disk with fine-tuned models. */
@NullMarked
package org.voco4j.program.predict;

import org.jspecify.annotations.NullMarked;
