/** Synthetic torsos: data sets on disk, and scans in memory to train and to measure on. */
@NullMarked
package org.voco4j.program.phantom;

import org.jspecify.annotations.NullMarked;
