/** Parts that networks of several families share. */
@NullMarked
package org.voco4j.network.block;

import org.jspecify.annotations.NullMarked;
