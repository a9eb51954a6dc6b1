/** Whether pre-training taught where things are: the same measure for every method. */
@NullMarked
package org.voco4j.pretext.gate;

import org.jspecify.annotations.NullMarked;
