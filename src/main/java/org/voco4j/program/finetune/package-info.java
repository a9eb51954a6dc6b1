/** Fine-tuning for segmentation, and what fine-tuning of both kinds shares. */
@NullMarked
package org.voco4j.program.finetune;

import org.jspecify.annotations.NullMarked;
