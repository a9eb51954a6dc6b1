/** Modules with named parameters, layers, initialisation and the {@link org.voco4j.engine.nn.Encoder} seam. */
@NullMarked
package org.voco4j.engine.nn;

import org.jspecify.annotations.NullMarked;
