/** Weights on disk: {@code .safetensors}, and what {@code torch.save} writes; nothing that is read is trusted. */
@NullMarked
package org.voco4j.engine.store;

import org.jspecify.annotations.NullMarked;
