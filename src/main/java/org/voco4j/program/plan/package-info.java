/** Recipes proposed for the scans and the machine at hand, with predicted time and memory. */
@NullMarked
package org.voco4j.program.plan;

import org.jspecify.annotations.NullMarked;
