/** Parts that several methods share. */
@NullMarked
package org.voco4j.pretext.part;

import org.jspecify.annotations.NullMarked;
