/** Classification of whole scans with a fine-tuned model. */
@NullMarked
package org.voco4j.downstream.classify;

import org.jspecify.annotations.NullMarked;
