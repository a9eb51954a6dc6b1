/** Tensors with the operations we use, memory scopes, dtypes and devices: libtorch ends here. */
@NullMarked
package org.voco4j.engine.tensor;

import org.jspecify.annotations.NullMarked;
