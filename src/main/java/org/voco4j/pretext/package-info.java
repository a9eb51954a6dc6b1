/** Pretext tasks: what an unlabelled scan can teach, behind one seam, and the verdict on whether it did. */
@NullMarked
package org.voco4j.pretext;

import org.jspecify.annotations.NullMarked;
