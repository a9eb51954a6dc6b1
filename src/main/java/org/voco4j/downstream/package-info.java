/** Segmentation: losses, sampling, sliding window. */
@NullMarked
package org.voco4j.downstream;

import org.jspecify.annotations.NullMarked;
