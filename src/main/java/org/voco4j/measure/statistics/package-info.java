/** Means, intervals and paired gains. */
@NullMarked
package org.voco4j.measure.statistics;

import org.jspecify.annotations.NullMarked;
