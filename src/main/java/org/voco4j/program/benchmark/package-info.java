/** What pre-training, preparing and segmenting take in time and memory. */
@NullMarked
package org.voco4j.program.benchmark;

import org.jspecify.annotations.NullMarked;
