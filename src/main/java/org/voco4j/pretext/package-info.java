/** Pretext tasks: what an unlabelled scan can teach, behind one seam. */
@NullMarked
package org.voco4j.pretext;

import org.jspecify.annotations.NullMarked;
