/** Networks, under the names of the published checkpoints. */
@NullMarked
package org.voco4j.network;

import org.jspecify.annotations.NullMarked;
