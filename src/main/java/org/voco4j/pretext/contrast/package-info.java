/** Contrast of views: two crops of one place are to be told from those of other places. */
@NullMarked
package org.voco4j.pretext.contrast;

import org.jspecify.annotations.NullMarked;
