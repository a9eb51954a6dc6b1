/** Networks, under the names of the published checkpoints; a {@link org.voco4j.network.Backbone} builds each by its name. */
@NullMarked
package org.voco4j.network;

import org.jspecify.annotations.NullMarked;
