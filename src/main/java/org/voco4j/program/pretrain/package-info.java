/** Pre-training: the loop, its recipe, its data and its report. */
@NullMarked
package org.voco4j.program.pretrain;

import org.jspecify.annotations.NullMarked;
