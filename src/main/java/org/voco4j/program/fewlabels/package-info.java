/** Short fine-tunes with few labelled scans, many at a time, each kept once it is done. */
@NullMarked
package org.voco4j.program.fewlabels;

import org.jspecify.annotations.NullMarked;
