/** Networks recognised from the names and shapes of the weights in a file. */
@NullMarked
package org.voco4j.network.recognise;

import org.jspecify.annotations.NullMarked;
