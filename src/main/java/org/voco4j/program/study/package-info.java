/** Pre-training against training from scratch: repeated fine-tunes with few labels, and the gain. */
@NullMarked
package org.voco4j.program.study;

import org.jspecify.annotations.NullMarked;
