/**
 * Data sets: which scans there are, whose they are, what belongs to them, and who is held out. Where scans lie is decided in
 * {@link org.voco4j.corpus.Inventory}.
 */
@NullMarked
package org.voco4j.corpus;

import org.jspecify.annotations.NullMarked;
