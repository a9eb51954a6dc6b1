/** Fine-tuning for classification. */
@NullMarked
package org.voco4j.program.classify;

import org.jspecify.annotations.NullMarked;
