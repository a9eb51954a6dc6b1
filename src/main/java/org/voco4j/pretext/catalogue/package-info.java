/** The methods of pre-training there are; nothing else names them all. */
@NullMarked
package org.voco4j.pretext.catalogue;

import org.jspecify.annotations.NullMarked;
