/** Masked images: what is hidden is to be told from what is seen. */
@NullMarked
package org.voco4j.pretext.masked;

import org.jspecify.annotations.NullMarked;
