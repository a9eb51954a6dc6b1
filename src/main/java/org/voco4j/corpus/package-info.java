/** Data sets: which scans there are, whose they are, and how they reach the training loop. */
@NullMarked
package org.voco4j.corpus;

import org.jspecify.annotations.NullMarked;
