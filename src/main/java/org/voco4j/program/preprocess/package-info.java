/** Prepared scans written as files, and results brought back to the grid of their scan. */
@NullMarked
package org.voco4j.program.preprocess;

import org.jspecify.annotations.NullMarked;
