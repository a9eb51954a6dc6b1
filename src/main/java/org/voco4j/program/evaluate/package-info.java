/** Results against the truth: label maps and classes, with intervals and paired comparisons. */
@NullMarked
package org.voco4j.program.evaluate;

import org.jspecify.annotations.NullMarked;
