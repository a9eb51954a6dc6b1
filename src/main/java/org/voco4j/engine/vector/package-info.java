/**
 * Kernels of our own on the JDK's Vector API, for float arrays; nothing here knows libtorch.
 *
 * <p>The API is a module that the Java machine has only when it is asked for ({@code --add-modules jdk.incubator.vector});
 * {@link VectorModule} says whether it is there, and without it no other class of this package but {@link TokenGroups} may
 * be touched.
 */
@NullMarked
package org.voco4j.engine.vector;

import org.jspecify.annotations.NullMarked;
