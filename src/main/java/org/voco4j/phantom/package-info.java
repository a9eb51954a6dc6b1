/** Synthetic torsos with organ labels, so that tests and the quick start need no download. */
@NullMarked
package org.voco4j.phantom;

import org.jspecify.annotations.NullMarked;
