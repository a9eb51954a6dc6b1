/** Files of weights: converted, inspected, compared; checkpoints of runs in the format of PyTorch. */
@NullMarked
package org.voco4j.program.weights;

import org.jspecify.annotations.NullMarked;
