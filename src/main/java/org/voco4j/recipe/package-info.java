/** Whole runs, one page each, with their configuration records beside them. */
@NullMarked
package org.voco4j.recipe;

import org.jspecify.annotations.NullMarked;
