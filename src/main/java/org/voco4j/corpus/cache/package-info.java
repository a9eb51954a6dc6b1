/** Prepared scans kept in memory and on disk, known by what they were made of. */
@NullMarked
package org.voco4j.corpus.cache;

import org.jspecify.annotations.NullMarked;
