/** Coverage-guided tests of whatever reads files from outside. */
@NullMarked
package org.voco4j.fuzz;

import org.jspecify.annotations.NullMarked;
