/** Volumes in patient space and their geometry: orient, resample, window, foreground, pad, resize, crop. */
@NullMarked
package org.voco4j.volume;

import org.jspecify.annotations.NullMarked;
