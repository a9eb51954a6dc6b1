/** Files that hold volumes, one class per format behind {@link org.voco4j.volume.format.VolumeFormat}. */
@NullMarked
package org.voco4j.volume.format;

import org.jspecify.annotations.NullMarked;
