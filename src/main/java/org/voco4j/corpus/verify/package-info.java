/** Checks of data sets before training: each file, files against each other, and both sides of a split. */
@NullMarked
package org.voco4j.corpus.verify;

import org.jspecify.annotations.NullMarked;
