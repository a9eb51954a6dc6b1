/** Data sets of synthetic torsos on disk. */
@NullMarked
package org.voco4j.program.phantom;

import org.jspecify.annotations.NullMarked;
