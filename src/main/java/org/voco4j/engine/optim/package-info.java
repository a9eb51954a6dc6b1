/** AdamW and gradient descent with momentum, learning-rate schedules and gradient norms. */
@NullMarked
package org.voco4j.engine.optim;

import org.jspecify.annotations.NullMarked;
