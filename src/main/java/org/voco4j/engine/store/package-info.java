/** Weights on disk: {@code .safetensors}, and files that are whole or absent. */
@NullMarked
package org.voco4j.engine.store;

import org.jspecify.annotations.NullMarked;
