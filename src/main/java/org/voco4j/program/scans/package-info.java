/** Scans on disk as programs take them: opened, named, split by patient. */
@NullMarked
package org.voco4j.program.scans;

import org.jspecify.annotations.NullMarked;
