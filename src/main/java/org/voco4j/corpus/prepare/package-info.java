/** From a scan as stored to what is trained on, in 8 bits where that is enough, and back. */
@NullMarked
package org.voco4j.corpus.prepare;

import org.jspecify.annotations.NullMarked;
