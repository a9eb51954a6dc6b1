/** Random views of a crop: each a drawn record and its deterministic twin. */
@NullMarked
package org.voco4j.augment;

import org.jspecify.annotations.NullMarked;
