/** Where pre-trained weights see a crop among the bases of a scan. */
@NullMarked
package org.voco4j.program.locate;

import org.jspecify.annotations.NullMarked;
